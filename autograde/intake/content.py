"""What a cell's text tells about which cell it is: its key, the names it defines, and its words.

No student code is handed to Python's compiler here: `ast.parse` took 200 MB for a hostile megabyte, and has
nothing to say about a cell with a magic or a syntax error. The patterns are possessive, lest they backtrack.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence

from nbformat import NotebookNode

from autograde.intake.pieces import LOOKED_AT

_TELLING = 20  # characters of a first line that tells which cell it is
SIMILAR = 0.6  # share of words in common that makes two texts the same cell

_DEFINITION = re.compile(r"^(?:async[ \t]++)?(?:def|class)[ \t]++(\w++)", re.MULTILINE)
_ASSIGNMENT = re.compile(r"^(\w++(?:[ \t]*+,[ \t]*+\w++)*+)[ \t]*+(?::[^=\n]*+)?+=(?!=)", re.MULTILINE)
_WORD = re.compile(r"\w++")


def text_key(cell: NotebookNode) -> str:
    """Return what is equal in two cells of the same text: all but space at ends of lines and text."""
    source = str(cell.source)
    if len(source) > LOOKED_AT:
        return source
    if " \n" in source or "\t\n" in source:
        source = "\n".join(line.rstrip(" \t") for line in source.split("\n"))
    return source.strip()


def defined_names(cell: NotebookNode) -> frozenset[str]:
    """Return the functions, classes and variables that code defines at top level."""
    source = cell.source[:LOOKED_AT]
    assigned = (name for targets in _ASSIGNMENT.findall(source) for name in _WORD.findall(targets))
    return frozenset(_DEFINITION.findall(source)) | frozenset(assigned)


def defines(cell: NotebookNode, names: Collection[str]) -> frozenset[str]:
    """Return those of the names that code defines at top level, in little time if there are none."""
    source = cell.source[:LOOKED_AT]
    return defined_names(cell).intersection(names) if any(name in source for name in names) else frozenset()


def first_line(cell: NotebookNode) -> str:
    """Return the first line that is not blank."""
    return next((line.strip() for line in cell.source[:LOOKED_AT].split("\n") if line.strip()), "")


def openings(cells: Sequence[NotebookNode]) -> dict[str, int]:
    """Return the places of cells by their first lines, of those that are long and only there."""
    tops = [first_line(cell) for cell in cells]
    often = Counter(tops)
    return {top: at for at, top in enumerate(tops) if len(top) >= _TELLING and often[top] == 1}


def words(cell: NotebookNode) -> Counter[str]:
    """Return how often each word occurs."""
    return Counter(_WORD.findall(cell.source[:LOOKED_AT]))


def shared(left: Counter[str], right: Counter[str]) -> float:
    """Return the share of words that two texts have in common, 0 to 1."""
    total = left.total() + right.total()
    return 2 * (left & right).total() / total if total else 0.0
