"""Text to source notebook to release notebook, byte for byte the same each time; and back after an edit."""

from autograde.build.adopt import adopt
from autograde.build.write import BuildReport, build, check_built

__all__ = ["BuildReport", "adopt", "build", "check_built"]
