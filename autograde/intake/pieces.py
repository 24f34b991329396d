"""Whether a cell's text is a whole piece of Python, or needs the text of the next cell.

Only words, brackets, quotes and indentation are looked at; what a student wrote is never compiled here. The
patterns are possessive, lest they backtrack.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import takewhile

LOOKED_AT = 100_000  # characters of one cell

# Always matches, at the latest at the end of the text, lest each character be tried.
_TOKEN = re.compile(
    r"[^#\"'\[\](){}]*+(?:"
    r"#[^\n]*+"
    r'|"""(?:[^"\\]++|\\.|"(?!""))*+"""'
    r"|'''(?:[^'\\]++|\\.|'(?!''))*+'''"
    r"|(?P<unclosed>\"\"\"|''')"
    r'|"(?:[^"\\\n]++|\\.)*+"?+'
    r"|'(?:[^'\\\n]++|\\.)*+'?+"
    r"|(?P<start>[\[({])|(?P<end>[\])}])"
    r"|\Z)",
    re.DOTALL,
)
_SIGNIFICANT = re.compile(r"^(?P<indent>[ \t]*+)(?P<text>[^\s#][^\n]*+)", re.MULTILINE)
_DECORATED = re.compile(r"(?:@|(?:async|def|class)\b)")
_CLAUSE = re.compile(r"(?:elif|else|except|finally)\b")
_HAS_CLAUSES = re.compile(r"(?:if|elif|for|while|try|except|else|async)\b")
_STATEMENT = re.compile(
    r"(?:return|if|for|while|with|try|def|class|import|from|raise|assert|pass|yield|del)\b"
    r'|[@#]|"""|[\w.\[\]]++\s*+(?:[-+*/|&]?=|\()'
)
_DEFINES = re.compile(r"^(?:@|(?:async[ \t]++)?(?:def|class)[ \t])", re.MULTILINE)

Line = tuple[int, str]
"""Indentation and text of a line that is neither blank nor a comment."""


def is_open(text: str) -> bool:
    """Return whether a bracket or a triple quote is not closed."""
    return _depth(text) > 0


def _depth(text: str) -> int:
    """Return how many brackets are open at the end, for a triple quote 1, below 0 if more are closed."""
    depth = lowest = 0
    for token in _TOKEN.finditer(text):
        if token["unclosed"]:
            return 1
        if token["start"]:
            depth += 1
        elif token["end"]:
            depth -= 1
            lowest = min(lowest, depth)
    return lowest or depth


def is_whole(text: str) -> bool:
    """Return whether text may be all of a cell: it neither begins nor ends within a statement."""
    first = _first(text)
    if first is None:
        return True
    indent, begin = first
    return not (indent or begin[0] in ")]}" or _CLAUSE.match(begin) or _waits(_last(text)) or is_open(text))


def continues(text: str, following: str, *, is_code: bool) -> bool:
    """Return whether text goes on in the following text, so that neither would run without the other.

    Following text that is no code has to look like code as well.
    """
    first = _first(following)
    if first is None or (not is_code and not _STATEMENT.match(first[1])):
        return False
    (indent, begin), (last_indent, last) = first, _last(text)
    if last.startswith("@"):
        fits = indent == last_indent and bool(_DECORATED.match(begin))
    elif last.endswith("\\"):
        fits = True
    elif _waits((last_indent, last)):
        fits = indent > last_indent
    elif indent:
        fits = indent in _levels(text)
    else:
        fits = bool(_CLAUSE.match(begin) and _HAS_CLAUSES.match(_outer(text)))
    return fits and _depth(following) >= 0


def defines_something(text: str) -> bool:
    """Return whether text looks like code that defines a function or class."""
    return bool(_DEFINES.search(text))


def looks_like_code(text: str) -> bool:
    """Return whether the first line of text looks like a statement."""
    first = _first(text)
    return first is not None and bool(_STATEMENT.match(first[1]))


def _first(text: str) -> Line | None:
    found = _SIGNIFICANT.search(text)
    return _line(found) if found else None


def _last(text: str) -> Line:
    return next(_backwards(text), (0, ""))


def _backwards(text: str) -> Iterator[Line]:
    """Yield the significant lines of text from the last to the first."""
    end = len(text)
    while end >= 0:
        start = text.rfind("\n", 0, end) + 1
        if found := _SIGNIFICANT.match(text, start, end):
            yield _line(found)
        end = start - 1


def _line(found: re.Match[str]) -> Line:
    return len(found["indent"].expandtabs()), found["text"].rstrip()


def _waits(line: Line) -> bool:
    """Return whether a block, a line or a decorated function has to follow."""
    return line[1].split(" #")[0].rstrip().endswith((":", "\\")) or line[1].startswith("@")


def _levels(text: str) -> set[int]:
    """Return the indentations in the block that the last line is in."""
    return {indent for indent, _ in takewhile(lambda line: line[0] > 0, _backwards(text))}


def _outer(text: str) -> str:
    """Return the last line that is not indented."""
    return next((line for indent, line in _backwards(text) if not indent), "")
