"""What came in, made fit to grade: `read_submission` reads a hostile file, `repair` restores its shape."""

from autograde.intake.read import SIZE_LIMIT, read_submission
from autograde.intake.repair import Repaired, repair

__all__ = ["SIZE_LIMIT", "Repaired", "read_submission", "repair"]
