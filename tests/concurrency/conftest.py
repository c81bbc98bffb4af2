"""Real instances with processes of their own, as the operators' tests make them."""

from tests.operations.conftest import make_instance, prepared

__all__ = ["make_instance", "prepared"]
