"""What came in, made fit to grade: `receive` finds and reads hostile files, `repair` restores their shape."""

from autograde.intake.read import read_submission
from autograde.intake.received import receive
from autograde.intake.repair import Repaired, repair

__all__ = ["Repaired", "read_submission", "receive", "repair"]
