"""What came in, put back into the shape of what was released, with the student's cells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograde.intake.borders import with_borders
from autograde.intake.matching import ANSWERS, Recognition
from autograde.intake.read import READ_REPAIRS, mended_cells
from autograde.intake.recognise import recognise
from autograde.intake.sentences import on_borders, sentences
from autograde.notebook import Role, grade_id, role

_ROUNDS = 4  # parts may have come together when what was between them was left out


@dataclass(frozen=True)
class Repaired:
    """A notebook fit to grade, and a sentence to the student for everything that was put right."""

    notebook: NotebookNode
    repairs: tuple[str, ...] = ()


def repair(released: NotebookNode, submitted: NotebookNode) -> Repaired:
    """Return what nbgrader released plus the student's cells.

    Every released cell with a grade_id is there exactly once, in released order, with released id, type and
    metadata. Solution and written cells hold the student's text, grade and locked cells the released one.
    Other released cells are as the student left them. The student's own cells stay behind the cell that they
    follow in `submitted`. For whatever `read_submission` returned, this raises nothing; repairing twice is
    repairing once.
    """
    cells = mended_cells(submitted)
    told: list[str] = list(submitted.get("metadata", {}).get(READ_REPAIRS, ()))
    for _ in range(_ROUNDS):
        bordered = with_borders(released.cells, cells)
        found = recognise(released.cells, bordered.cells)
        told += on_borders(bordered)
        told += sentences(released.cells, bordered.cells, found)
        before, cells = cells, list(_Assembly(released.cells, bordered.cells, found).cells())
        if list(map(_essence, before)) == list(map(_essence, cells)):
            break
    metadata = nbformat.from_dict(released.metadata)
    notebook = NotebookNode(nbformat=4, nbformat_minor=5, metadata=metadata, cells=cells)
    return Repaired(notebook, tuple(dict.fromkeys(told)))


def _essence(cell: NotebookNode) -> tuple[str, str, str]:
    return grade_id(cell), cell.cell_type, cell.source


class _Assembly:
    """Builds the cells of the result from two notebooks, which it leaves as they are."""

    def __init__(
        self, released: list[NotebookNode], submitted: list[NotebookNode], found: Recognition
    ) -> None:
        self.released = released
        self.submitted = submitted
        self.found = found
        self.targets = {match.submitted: target for target, match in found.matches.items()}
        self.ids = [cell.get("id", f"released-{number}") for number, cell in enumerate(released, start=1)]
        taken = set(self.ids)
        self.fresh_ids = (name for number in count(1) if (name := f"student-{number}") not in taken)

    def cells(self) -> Iterator[NotebookNode]:
        """Yield the cells in order.

        A cell that is put back stands before the student's own cells at that place, lest a stub undo what
        they define. A grade cell that is put back stands behind them: it tests what they define.
        """
        followers = self._followers()
        waiting = followers[-1]
        for target, cell in enumerate(self.released):
            match = self.found.matches.get(target)
            if match is not None and self._has_place(target):
                yield from map(self._students, waiting)
                yield self._merged(target, self.submitted[match.submitted])
                waiting = followers[target]
            elif match is None and grade_id(cell):
                if role(cell) is Role.GRADE:
                    yield from map(self._students, waiting)
                    waiting = []
                yield self._put_back(target)
        yield from map(self._students, waiting)

    def _followers(self) -> defaultdict[int, list[int]]:
        """Return the submitted cells that stay behind each released cell; -1 is the top of the notebook."""
        followers: defaultdict[int, list[int]] = defaultdict(list)
        anchor = -1
        for index in range(len(self.submitted)):
            target = self.targets.get(index)
            if target is not None and self._has_place(target):
                # Tests that were moved up take nothing along: what stands behind them may have to run first.
                if target in self.found.in_order or role(self.released[target]) is not Role.GRADE:
                    anchor = target
            elif index not in self.found.dropped:
                followers[anchor].append(index)
        return followers

    def _has_place(self, target: int) -> bool:
        """Whether a recognised cell goes where it was released; a free cell that was moved does not."""
        return target in self.found.in_order or bool(grade_id(self.released[target]))

    def _students(self, index: int) -> NotebookNode:
        """Return one of the student's own cells, or a free cell that was moved."""
        theirs = self.submitted[index]
        if index in self.targets:
            return self._merged(self.targets[index], theirs)
        kind = "code" if index in self.found.code else theirs.cell_type
        return _cell(kind, theirs.source, next(self.fresh_ids), {}, theirs.get("attachments"))

    def _merged(self, target: int, theirs: NotebookNode) -> NotebookNode:
        """Return a released cell with the student's text, if students may write there."""
        ours = self.released[target]
        if role(ours) not in ANSWERS | {Role.FREE}:
            return self._as_released(target)
        return _cell(
            ours.cell_type if grade_id(ours) else theirs.cell_type,
            theirs.source,
            self.ids[target],
            ours.metadata,
            theirs.get("attachments") or ours.get("attachments"),
        )

    def _put_back(self, target: int) -> NotebookNode:
        cell = self._as_released(target)
        if target in self.found.elsewhere:
            cell.source = ""  # the stub would undo what the student defines in another cell
        return cell

    def _as_released(self, target: int) -> NotebookNode:
        ours = self.released[target]
        return _cell(ours.cell_type, ours.source, self.ids[target], ours.metadata, ours.get("attachments"))


def _cell(
    cell_type: str, source: str, cell_id: str, metadata: dict[str, Any], attachments: dict[str, Any] | None
) -> NotebookNode:
    """Return a cell of nbformat 4.5 that shares nothing with what it was made of."""
    cell: dict[str, Any] = {"cell_type": cell_type, "id": cell_id, "metadata": metadata, "source": source}
    if cell_type == "code":
        cell |= {"execution_count": None, "outputs": []}
    elif attachments:
        cell["attachments"] = attachments
    built: NotebookNode = nbformat.from_dict(cell)
    return built
