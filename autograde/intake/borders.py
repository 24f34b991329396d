"""The borders between cells where the released notebook had them, as far as that is sure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from nbformat import NotebookNode

from autograde.intake.content import first_line, openings
from autograde.intake.joining import Joining
from autograde.intake.matching import ANSWERS
from autograde.intake.pieces import LOOKED_AT
from autograde.intake.separation import Separation
from autograde.notebook import grade_id, role


@dataclass(frozen=True)
class Bordered:
    """Cells with their borders back, how many were cut out of others, and how many were put together."""

    cells: list[NotebookNode]
    separated: int
    joined: int


def with_borders(released: Sequence[NotebookNode], submitted: Sequence[NotebookNode]) -> Bordered:
    """Take cells apart that were merged, and put cells together that were split."""
    separation = Separation(released, submitted)
    cells = list(separation.cells())
    apart = list(_apart_at_answers(released, cells))
    together = list(Joining(released).cells(apart))
    separated = len(separation.blocks) + len(apart) - len(cells)
    return Bordered(together, separated, len(apart) - len(together))


def _apart_at_answers(
    released: Sequence[NotebookNode], cells: Sequence[NotebookNode]
) -> Iterator[NotebookNode]:
    """Yield the cells, cut before the first line of each answer that has no cell of its own."""
    missing = {top: released[at] for top, at in openings(released).items() if role(released[at]) in ANSWERS}
    for cell in cells:
        missing.pop(first_line(cell), None)
    held = {grade_id(cell) for cell in cells} | {cell.get("id") for cell in cells}
    missing = {
        top: cell for top, cell in missing.items() if held.isdisjoint({grade_id(cell), cell.get("id")})
    }
    for cell in cells:
        if len(cell.source) > LOOKED_AT or not any(top in cell.source for top in missing):
            yield cell
            continue
        lines = cell.source.split("\n")
        starts = [0, *(at for at, line in enumerate(lines) if line.rstrip() in missing), len(lines)]
        for start, stop in pairwise(starts):
            part: dict[str, Any] = {"source": "\n".join(lines[start:stop]).strip("\n")}
            if start:
                cell_type = missing[lines[start].rstrip()].cell_type
                part |= {"cell_type": cell_type, "metadata": NotebookNode(), "id": "a-part"}
            yield NotebookNode({**cell, **part})
