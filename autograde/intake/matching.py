"""Which submitted cell stands for which released one: the outcome of recognition and its state."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from nbformat import NotebookNode

from autograde.intake.content import text_key
from autograde.intake.pieces import LOOKED_AT, is_whole
from autograde.intake.sequence import heaviest_increasing
from autograde.notebook import Role, grade_id, role

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
    code: frozenset[int]  # submitted cells that have become text, and define what a solution has to


class Matching:
    """Matches found so far; every submitted cell is in one of them, in `dropped`, or still in `left`."""

    def __init__(self, released: Sequence[NotebookNode], submitted: Sequence[NotebookNode]) -> None:
        self.released = released
        self.submitted = submitted
        self.roles = [role(cell) for cell in released]
        self.stubs = [text_key(cell) for cell in released]
        self.keys = [text_key(cell) for cell in submitted]
        self.matches: dict[int, Match] = {}
        self.dropped: set[int] = set()
        self.left = dict.fromkeys(range(len(submitted)))  # a set that keeps its order

    def missing(self, *roles: Role) -> list[int]:
        """Return the released cells without a match, those of the given roles or all."""
        return [
            target
            for target in range(len(self.released))
            if target not in self.matches and (not roles or self.roles[target] in roles)
        ]

    def unanswered(self, *roles: Role) -> list[int]:
        """Return the matched answers of the given roles that hold nothing but the stub, or nothing."""
        return [
            target
            for target, match in self.matches.items()
            if self.roles[target] in roles and self.keys[match.submitted] in {self.stubs[target], ""}
        ]

    def give_back(self, target: int) -> Match:
        """Undo a match; its cell is left again, in its place."""
        match = self.matches.pop(target)
        self.left = dict.fromkeys(sorted([*self.left, match.submitted]))
        return match

    def left_by_key(self) -> defaultdict[str, list[int]]:
        """Return the submitted cells that are left, by their text."""
        cells: defaultdict[str, list[int]] = defaultdict(list)
        for index in self.left:
            cells[self.keys[index]].append(index)
        return cells

    def take(self, target: int, indices: list[int], evidence: Evidence, before: Match | None = None) -> None:
        """Match the best of several copies; the others are dropped if they add nothing, and else stay left.

        Of an answer, that is the last one that is neither the stub, nor empty, nor a part of a statement.
        `before` is a match of the target that was given back.
        """
        stub = self.stubs[target]
        if self.roles[target] in ANSWERS:
            written = [index for index in indices if self.keys[index] not in {stub, ""}]
            whole = [index for index in written if self.roles[target] is Role.WRITTEN or self.is_whole(index)]
            used = (whole or written or indices)[-1]
            idle = {stub, "", self.keys[used]}
            parts = [index for index in indices if self._is_in(index, used)] if used in whole else []
        else:
            used = next((index for index in indices if self.keys[index] == stub), indices[0])
            idle = {stub} if grade_id(self.released[target]) else set()
            parts = []
        idlers = [
            index for index in indices if index != used and (self.keys[index] in idle or index in parts)
        ]
        copies = len(indices) - 1
        kept = copies - len(idlers)
        if before:
            evidence, copies, kept = before.evidence, copies + before.copies, kept + before.kept
        self.matches[target] = Match(used, evidence, copies, kept)
        self.left.pop(used)
        self.drop(idlers)

    def is_whole(self, index: int) -> bool:
        """Return whether a submitted cell's text would run alone."""
        source = self.submitted[index].source
        return len(source) > LOOKED_AT or is_whole(source)

    def _is_in(self, part: int, whole: int) -> bool:
        """Return whether all lines of one submitted cell are in another one, which has more."""
        return f"\n{self.keys[part]}\n" in f"\n{self.keys[whole]}\n"

    def drop(self, indices: Iterable[int]) -> None:
        """Leave submitted cells out of the result."""
        for index in indices:
            self.dropped.add(index)
            self.left.pop(index)

    def in_order(self) -> list[int]:
        """Return the matched released cells that are not out of place; free cells give way to named ones."""
        targets = sorted(self.matches, key=lambda target: self.matches[target].submitted)
        heavy = 2 * len(self.released)
        weights = [
            1 if not grade_id(self.released[target]) else heavy + (self.roles[target] is not Role.GRADE)
            for target in targets
        ]
        return [targets[position] for position in heaviest_increasing(targets, weights)]
