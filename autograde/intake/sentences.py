"""What a repair tells the student, in plain sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nbformat import NotebookNode

from autograde.intake.borders import Bordered
from autograde.intake.content import text_key
from autograde.intake.files import printable
from autograde.intake.matching import ANSWERS, Evidence, Match, Recognition
from autograde.notebook import Role, grade_id, graded_exercise, role

_NAMES_SHOWN = 3
_KEPT = (
    "",
    "; your other version stays as a cell of your own",
    "; your other versions stay as cells of your own",
)


@dataclass(frozen=True)
class _Subject:
    """A released cell as a grammatical subject."""

    name: str
    were: str = "was"
    they: str = "it"


def sentences(
    released: Sequence[NotebookNode], submitted: Sequence[NotebookNode], found: Recognition
) -> Iterator[str]:
    """Yield a sentence for all that had to be put right, none for an intact notebook.

    Nothing of the student's but shortened names of unknown cells is repeated.
    """
    named = [index for index, cell in enumerate(released) if grade_id(cell)]
    matches = {index: found.matches[index] for index in named if index in found.matches}
    nameless = sum(match.evidence is not Evidence.NAME for match in matches.values())
    if nameless:
        yield (
            f"nbgrader's names of {_cells(nameless)} were lost, as happens in Colab and other editors; "
            "the cells were recognised by what is in them."
        )
    yield from _unknown_names(released, submitted)
    if found.code:
        yield f"{_cells(len(found.code))} with code of an exercise had become text; it is code again."
    for index in named:
        cell = released[index]
        if index in matches:
            theirs = submitted[matches[index].submitted]
            yield from _on_present(cell, theirs, matches[index], moved=index not in found.in_order)
        else:
            yield _on_missing(cell, elsewhere=index in found.elsewhere)


def on_borders(bordered: Bordered) -> Iterator[str]:
    """Yield a sentence about cells that were taken apart, and one about cells that were put together."""
    if bordered.separated:
        were = "was" if bordered.separated == 1 else "were"
        yield (
            f"The text of {_cells(bordered.separated)} as released {were} found across the borders of other "
            "cells, as after merging; it is in cells of its own again."
        )
    if bordered.joined:
        were = "was a part" if bordered.joined == 1 else "were parts"
        yield f"{_cells(bordered.joined)} {were} of the cell before, as after splitting; they were joined."


def _on_present(cell: NotebookNode, theirs: NotebookNode, match: Match, *, moved: bool) -> Iterator[str]:
    subject = _subject(cell)
    may_write = role(cell) in ANSWERS | {Role.FREE}
    if match.copies:
        which = "the last one you wrote in counts" if may_write else "one is enough"
        kept = _KEPT[min(match.kept, 2)]
        yield f"{subject.name} {subject.were} there {match.copies + 1} times; {which}{kept}."
    if match.evidence is Evidence.PLACE:
        yield f"{subject.name} {subject.were} recognised by the place alone; make sure it is the right cell."
    if not may_write and (text_key(cell), cell.cell_type) != (text_key(theirs), theirs.cell_type):
        yield f"{subject.name} had been changed; {subject.they} {subject.were} put back as released."
    elif theirs.cell_type != cell.cell_type:
        yield (
            f"{subject.name} had become a {theirs.cell_type} cell; "
            f"{subject.they} {subject.were} made a {cell.cell_type} cell again."
        )
    if moved and not match.copies and role(cell) is not Role.FREE:
        yield f"{subject.name} had been moved; {subject.they} {subject.were} moved back."


def _on_missing(cell: NotebookNode, *, elsewhere: bool) -> str:
    subject = _subject(cell)
    if elsewhere:
        return f"{subject.name} was missing; what you define in another cell counts."
    without = ", without an answer" if role(cell) in ANSWERS else ""
    return f"{subject.name} {subject.were} missing; {subject.they} {subject.were} put back{without}."


def _unknown_names(released: Sequence[NotebookNode], submitted: Sequence[NotebookNode]) -> Iterator[str]:
    known = {grade_id(cell) for cell in released} | {""}
    unknown = [grade_id(cell) for cell in submitted if grade_id(cell) not in known]
    if unknown:
        shown = ", ".join(f"`{printable(name)}`" for name in list(dict.fromkeys(unknown))[:_NAMES_SHOWN])
        more = ", ..." if len(set(unknown)) > _NAMES_SHOWN else ""
        yield (
            f"{_cells(len(unknown))} had names that this notebook does not know ({shown}{more}); "
            "what is in them stays as your own."
        )


def _cells(number: int) -> str:
    return "1 cell" if number == 1 else f"{number} cells"


def _subject(cell: NotebookNode) -> _Subject:
    name = grade_id(cell)
    match role(cell):
        case Role.GRADE:
            return _Subject(f"The tests of `{graded_exercise(cell) or name}`", "were", "they")
        case Role.SOLUTION:
            return _Subject(f"The solution cell `{name}`")
        case Role.WRITTEN:
            return _Subject(f"The answer cell `{name}`")
        case Role.LOCKED:
            return _Subject(f"The locked cell `{name}`")
        case Role.FREE:
            return _Subject(f"The cell `{name}`")
