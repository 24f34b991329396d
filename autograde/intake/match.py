"""The outcome of recognition: which submitted cell stands for which released one, and by what evidence."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from autograde.notebook import Role

# What students write into; every other named cell is as released.
ANSWERS = frozenset({Role.SOLUTION, Role.WRITTEN})


class Evidence(Enum):
    """What a released cell was recognised by."""

    NAME = auto()  # nbgrader's metadata
    CONTENT = auto()  # cell id, definitions or text
    PLACE = auto()  # nothing but where it stands


@dataclass(frozen=True)
class Match:
    """The submitted cell (its index) that stands for a released one."""

    submitted: int
    evidence: Evidence
    copies: int = 0  # how many other cells came as copies of it,
    kept: int = 0  # and how many of these stay as the student's own cells


@dataclass(frozen=True)
class Recognition:
    """All matches by the index of the released cell, and what follows from them."""

    matches: dict[int, Match]
    in_order: frozenset[int]  # released cells that still have their released order
    dropped: frozenset[int]  # submitted copies that add nothing
    elsewhere: frozenset[int]  # missing solutions whose names the student defines in other cells
