"""Cells that were merged are taken apart at the borders of released texts.

What is known is the text of released cells that students leave as it is: wherever it lies, and across
whatever borders, it is a cell again.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from nbformat import NotebookNode, from_dict

from autograde.intake.content import text_key
from autograde.intake.matching import ANSWERS
from autograde.intake.pieces import LOOKED_AT
from autograde.notebook import grade_id, role

_SHORTEST = 12  # characters of a released text without a name that is looked for,
_SHORTEST_TWICE = 40  # though it has a cell of its own
_INHERITED = frozenset({"id", "metadata", "attachments"})
_REPEATS = 20  # of one text
_BORDER = "\0"  # in no text


@dataclass(frozen=True)
class _Block:
    """A released text in the lines of a submission: first line, the one behind the last, and which cell."""

    start: int
    stop: int
    target: int


_Part = _Block | list[str]
"""What a cell is made of: a released text, or lines of the student's."""


class Separation:
    """Released texts that are in no cell of their own are cut out of the lines of all other cells."""

    def __init__(self, released: Sequence[NotebookNode], submitted: Sequence[NotebookNode]) -> None:
        self.released = released
        self.submitted = submitted
        self.known = {text_key(cell) for cell in released}
        self.lines: list[tuple[int, int]] = []  # cell and line of each that is looked at
        self.blocks = list(self._blocks())

    def cells(self) -> Iterator[NotebookNode]:
        """Yield the cells in order, and in place of one with released texts what it is made of."""
        inside: defaultdict[int, list[_Block]] = defaultdict(list)
        for block in self.blocks:
            for index in dict.fromkeys(index for index, _ in self.lines[block.start : block.stop]):
                inside[index].append(block)
        for index, cell in enumerate(self.submitted):
            yield from self._built(cell, self._parts(index, inside[index])) if inside[index] else (cell,)

    def _blocks(self) -> Iterator[_Block]:
        """Yield released texts that no cell has for itself, in order and without overlap."""
        keys = [text_key(cell) for cell in self.submitted]
        own = [cell.source for key, cell in zip(keys, self.submitted, strict=True) if key not in self.known]
        missing = {
            target: lines
            for target, cell in enumerate(self.released)
            if self._is_sought(cell, text_key(cell) in keys)
            # To look for its first line is quicker than to take everything apart.
            if (lines := _written(cell.source)) and any(lines[0] in source for source in own)
        }
        if not missing:
            return
        text = self._stream(keys)
        starts = list(accumulate((len(line) + 1 for line in text.split("\n")[1:-1]), initial=0))
        found = [
            _Block(first := bisect_right(starts, at) - 1, first + len(lines), target)
            for target, lines in missing.items()
            for at in _places("\n" + "\n".join(lines) + "\n", text)
        ]
        stop = 0
        for block in sorted(found, key=lambda one: (one.start, -one.stop)):
            if block.start >= stop:
                stop = block.stop
                yield block

    def _is_sought(self, cell: NotebookNode, is_there: bool) -> bool:
        """Return whether to look for the text of a cell: if it is lost; prose also if it is there twice."""
        if role(cell) in ANSWERS or (is_there and cell.cell_type == "code"):
            return False
        shortest = _SHORTEST_TWICE if is_there else _SHORTEST
        return len(cell.source) >= shortest or bool(grade_id(cell) and cell.source.strip())

    def _stream(self, keys: Sequence[str]) -> str:
        """Return the lines of all cells but those that are as released, and note where each line is."""
        texts = []
        for index, cell in enumerate(self.submitted):
            if keys[index] in self.known or len(cell.source) > LOOKED_AT:
                texts.append(_BORDER)
                self.lines.append((index, -1))
                continue
            for number, line in enumerate(cell.source.split("\n")):
                if line.strip():
                    texts.append(line.rstrip(" \t"))
                    self.lines.append((index, number))
        return "\n" + "\n".join(texts) + "\n"

    def _parts(self, index: int, blocks: Sequence[_Block]) -> Sequence[_Part]:
        """Return what a cell is made of; a text that goes on in the next cell is where it begins."""
        lines = self.submitted[index].source.split("\n")
        parts: list[_Part] = []
        position = 0
        for block in blocks:
            inside = [number for of, number in self.lines[block.start : block.stop] if of == index]
            parts.append(lines[position : inside[0]])
            if self.lines[block.start][0] == index:
                parts.append(block)
            position = inside[-1] + 1
        parts.append(lines[position:])
        return [part for part in parts if isinstance(part, _Block) or any(map(str.strip, part))]

    def _built(self, cell: NotebookNode, parts: Sequence[_Part]) -> Iterator[NotebookNode]:
        neighbours = [self._neighbour(parts, at) for at in range(len(parts))]
        heir = self._heir(cell, parts, neighbours)
        for at, part in enumerate(parts):
            if isinstance(part, _Block):
                yield _copy_of(self.released[part.target])
                continue
            kind = self.released[neighbours[at]].cell_type if neighbours[at] >= 0 else cell.cell_type
            inherited = {key: value for key, value in cell.items() if key in _INHERITED} if at == heir else {}
            left = {"metadata": {}, "id": "a-part", **inherited, "cell_type": kind}
            yield from_dict(left | {"source": "\n".join(part).strip("\n")})

    def _heir(self, cell: NotebookNode, parts: Sequence[_Part], neighbours: Sequence[int]) -> int:
        """Return which part keeps the cell's name and id; -1 if they are those of a text cut out."""
        name, theirs = grade_id(cell), cell.get("id")
        mine = [
            target
            for target, one in enumerate(self.released)
            if (grade_id(one) == name if name else one.get("id") == theirs)
        ]
        if any(isinstance(part, _Block) and part.target in mine for part in parts):
            return -1
        if mine and mine[0] in neighbours:
            return neighbours.index(mine[0])
        return next((at for at, part in enumerate(parts) if not isinstance(part, _Block)), -1)

    def _neighbour(self, parts: Sequence[_Part], at: int) -> int:
        """Return the released answer that a part stands for by the texts around it, -1 if none."""
        around = [(parts[at - 1], 1)] if at else []
        around += [(parts[at + 1], -1)] if at + 1 < len(parts) else []
        for part, step in around:
            target = part.target + step if isinstance(part, _Block) else -1
            if 0 <= target < len(self.released) and role(self.released[target]) in ANSWERS:
                return target
        return -1


def _places(sought: str, text: str) -> Iterator[int]:
    at = text.find(sought)
    for _ in range(_REPEATS):
        if at < 0:
            return
        yield at
        at = text.find(sought, at + len(sought) - 1)


def _written(source: str) -> list[str]:
    return [line.rstrip(" \t") for line in source.split("\n") if line.strip()]


def _copy_of(cell: NotebookNode) -> NotebookNode:
    metadata = {"nbgrader": {"grade_id": grade_id(cell)}} if grade_id(cell) else {}
    copied = {"cell_type": cell.cell_type, "source": cell.source, "metadata": metadata}
    node: NotebookNode = from_dict({**copied, "id": cell.get("id", "a-part")})
    return node
