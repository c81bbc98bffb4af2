"""What an instance adds to the regulations in the package: overridden parameters, working days."""

from liaoyuan.foundation.regulations.models.override import ParameterOverride
from liaoyuan.foundation.regulations.models.workday import WorkDay

__all__ = ["ParameterOverride", "WorkDay"]
