"""Roles name capabilities that exist, and every capability is given to somebody."""

import importlib
import re
import tomllib
from enum import StrEnum

from tests.architecture.source import PACKAGE, name

_ROLES = PACKAGE / "organisation" / "units" / "data" / "roles.toml"


def _declared() -> dict[str, str]:
    """Every capability and where it is declared."""
    found: dict[str, str] = {}
    for path in sorted(PACKAGE.glob("*/*/policies.py")):
        module = importlib.import_module(".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts))
        for value in getattr(module, "Capability", ()):
            assert str(value) not in found, f"{value} is declared twice"
            found[str(value)] = name(path)
    return found


def _roles() -> dict[str, dict[str, object]]:
    return tomllib.loads(_ROLES.read_text())


def test_every_capability_of_a_role_is_declared() -> None:
    declared = _declared()
    for code, role in _roles().items():
        capabilities = role["capabilities"]
        assert isinstance(capabilities, list)
        assert len(set(capabilities)) == len(capabilities), f"{code} names one twice"
        assert not set(capabilities) - set(declared), f"{code} names unknown capabilities"


def test_a_capability_is_called_after_its_app() -> None:
    for value, where in _declared().items():
        assert re.fullmatch(r"[a-z]+\.[a-z_]+", value)
        assert where.split("/")[2] == value.split(".")[0]


def test_capabilities_are_enumerations_of_strings() -> None:
    for path in sorted(PACKAGE.glob("*/*/policies.py")):
        module = importlib.import_module(".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts))
        if hasattr(module, "Capability"):
            assert issubclass(module.Capability, StrEnum)


def test_every_capability_can_be_had() -> None:
    """By a role, or by one of the three administrators (their accounts hold theirs by kind, not by grant)."""
    given = {capability for role in _roles().values() for capability in role["capabilities"]}  # type: ignore[union-attr]
    administrators = {value for value in _declared() if value.split(".")[0] in {"audit", "accounts"}}
    assert not sorted(set(_declared()) - given - administrators - _BY_KIND)


# Held by a kind of administrator, whose grant source names them.
_BY_KIND: set[str] = set()
