"""What came in, made fit to grade: `read_submission` reads a hostile file, `repair` restores its shape."""

from autograde.intake.read import read_submission
from autograde.intake.repair import Repaired, repair

__all__ = ["Repaired", "read_submission", "repair"]
