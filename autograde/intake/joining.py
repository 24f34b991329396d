"""Parts of a cell that was split are put together.

Code is, if a part would not run alone; and what stands right behind a written answer is its second part.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nbformat import NotebookNode

from autograde.intake.content import SIMILAR, first_line, openings, shared, text_key, words
from autograde.intake.pieces import LOOKED_AT, continues, defines_something, is_open, is_whole
from autograde.notebook import Role, grade_id, role

_PARTS = 8  # of one cell
_LINES_OF_A_COPY = 3  # so many and more that are in the cell already are there twice by accident


class Joining:
    """Puts the parts of submitted cells together, but none that is as released or will be."""

    def __init__(self, released: Sequence[NotebookNode]) -> None:
        self.texts = {text_key(cell) for cell in released}
        self.fixed = {grade_id(cell) for cell in released if role(cell) in {Role.GRADE, Role.LOCKED}}
        self.ids = {cell.get("id", "") for cell in released}
        self.prose = [cell for cell in released if role(cell) is Role.FREE and cell.cell_type != "code"]
        written = [cell for cell in released if role(cell) is Role.WRITTEN]
        self.written = {grade_id(cell) for cell in written}
        self.questions = {top for top, at in openings(released).items() if role(released[at]) is Role.WRITTEN}

    def cells(self, cells: Sequence[NotebookNode]) -> Iterator[NotebookNode]:
        """Yield the cells in order, parts as one cell."""
        at = 0
        while at < len(cells):
            cell, at = cells[at], at + 1
            while at < len(cells) and text_key(cells[at]) == text_key(cell) and not self._is_whole(cell):
                cell, at = self._known_one(cell, cells[at]), at + 1  # half a cell that was copied
            while count := self._parts(cell, cells[at : at + _PARTS]):
                for part in cells[at : at + count]:
                    cell = self._together(cell, part)
                at += count
            yield cell

    def _parts(self, cell: NotebookNode, following: Sequence[NotebookNode]) -> int:
        """Return how many of the following cells belong to a cell; empty ones may be between."""
        full = (at for at, part in enumerate(following) if part.source.strip() or grade_id(part))
        empty = next(full, len(following))
        count = self._full_parts(cell, following[empty:])
        return empty + count if count else 0

    def _full_parts(self, cell: NotebookNode, following: Sequence[NotebookNode]) -> int:
        if not following:
            return 0
        if self._is_written(cell):
            return int(self._is_more_of(cell, following[0]))
        is_code = cell.cell_type == "code" or grade_id(cell) or defines_something(cell.source)
        if not is_code or not self._may_be_a_part(cell):
            return 0
        if not is_open(cell.source):
            part = following[0]
            is_code = part.cell_type == "code" or bool(grade_id(part))
            return int(self._fit(cell, part) and continues(cell.source, part.source, is_code=is_code))
        text = cell.source
        for count, part in enumerate(following, 1):
            text = f"{text}\n{part.source}"
            if not self._fit(cell, part) or len(text) > LOOKED_AT:
                return 0
            if not is_open(text):
                return count
        return 0

    def _is_whole(self, cell: NotebookNode) -> bool:
        return cell.cell_type != "code" or not self._may_be_a_part(cell) or is_whole(cell.source)

    def _is_written(self, cell: NotebookNode) -> bool:
        if grade_id(cell):
            return grade_id(cell) in self.written
        return bool(cell.source.strip()) and first_line(cell) in self.questions

    def _is_more_of(self, answer: NotebookNode, cell: NotebookNode) -> bool:
        """Return whether a cell is more of a written answer, and not another version of it."""
        may_be = grade_id(cell) in self.written if grade_id(cell) else cell.cell_type == "markdown"
        if text_key(answer) in self.texts or self._is_released_prose(cell):
            return False
        again = first_line(cell) == first_line(answer) or first_line(cell) in self.questions
        return bool(may_be and self._fit(answer, cell) and not again and cell.source.strip())

    def _is_released_prose(self, cell: NotebookNode) -> bool:
        """Return whether a cell is, if edited, one that was released."""
        theirs = words(cell)
        return any(
            first_line(one) == first_line(cell) or shared(words(one), theirs) >= SIMILAR for one in self.prose
        )

    def _may_be_a_part(self, cell: NotebookNode) -> bool:
        short = len(cell.source) <= LOOKED_AT
        return short and grade_id(cell) not in self.fixed and text_key(cell) not in self.texts

    def _fit(self, cell: NotebookNode, part: NotebookNode) -> bool:
        names = {grade_id(cell), grade_id(part)} - {""}
        text = part.source.strip("\n")
        is_a_copy = text.count("\n") >= _LINES_OF_A_COPY and f"\n{text}\n" in f"\n{cell.source}\n"
        return self._may_be_a_part(part) and len(names) < 2 and not is_a_copy

    def _together(self, cell: NotebookNode, part: NotebookNode) -> NotebookNode:
        """Return two parts as one cell, with the name or the released id of either."""
        kind = "code" if "code" in {cell.cell_type, part.cell_type} else cell.cell_type
        between = "\n" if kind == "code" else "\n\n"  # a paragraph of its own stays one
        source = f"{cell.source}{between}{part.source}"
        return NotebookNode({**self._known_one(cell, part), "cell_type": kind, "source": source})

    def _known_one(self, cell: NotebookNode, part: NotebookNode) -> NotebookNode:
        """Return the one that has a name, or a released id; the first if neither or both have."""
        known = (grade_id(cell), grade_id(part), cell.get("id") in self.ids, part.get("id") in self.ids)
        return cell if known[0] or (not known[1] and (known[2] or not known[3])) else part
