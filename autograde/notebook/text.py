"""Notebooks as py:percent text."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path

from nbformat import NotebookNode

from autograde.errors import CourseError
from autograde.notebook.cells import grade_id
from autograde.notebook.ipynb import new_notebook, reason

HEADER = """\
# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

"""

_CELL_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_MAGIC = re.compile(r"\s*([%!?#]|\w+\s*=\s*[%!])")


def parse_text(text: str) -> NotebookNode:
    """Read a notebook's py:percent text.

    The notebook has the kernelspec python3, no outputs, and the same cell ids each time: a cell's `grade_id`
    where it has one, else a hash of its content.

    Raises:
        CourseError: the text cannot be read, a cell's header is malformed, or jupytext would turn a comment
            into a shell command.

    """
    import jupytext  # type: ignore[import-untyped]  # slow to load, and grading needs no text

    try:
        nb = jupytext.reads(text, fmt="py:percent")
    except Exception as error:  # jupytext lets YAML errors and bare exceptions through
        raise CourseError(f"not a py:percent text: {reason(error)}") from error
    for malformed in filter(None, map(_malformed_header, nb.cells)):
        header = re.compile(rf"#\s*%%.*{re.escape(malformed)}(\s|$)")
        line = _line_number(text, header)
        raise CourseError(f"line {line}: the cell's header is malformed: {malformed}")
    for line, comment in _mangled_comments(text, nb):
        raise CourseError(
            f"line {line}: jupytext takes the comment {comment!r} for a shell command and uncomments it; "
            "begin it with another word"
        )
    _set_ids(nb.cells)
    return new_notebook(nb.cells)


def to_text(nb: NotebookNode) -> str:
    """Write a notebook as py:percent text, the inverse of `parse_text`; outputs and attachments are left out.

    The header does not depend on jupytext's version.
    """
    import jupytext  # as above

    cells = []
    for cell in nb.cells:
        metadata = dict(sorted(cell.metadata.items()))
        if "nbgrader" in metadata:
            metadata["nbgrader"] = dict(sorted(metadata["nbgrader"].items()))
        cells.append({**cell, "metadata": metadata})
    fmt = {"extension": ".py", "format_name": "percent", "notebook_metadata_filter": "-all"}
    return HEADER + str(jupytext.writes(new_notebook(cells), fmt=fmt))


def read_text(path: Path) -> NotebookNode:
    """Read a text file as `parse_text` does.

    Raises:
        CourseError: it is missing or cannot be read; the message names the file.

    """
    try:
        return parse_text(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, CourseError) as error:
        raise CourseError(f"{path}: {reason(error)}") from error


def _set_ids(cells: list[NotebookNode]) -> None:
    """Give each cell a valid and unique id that depends on nothing but the cells.

    A cell with a name may hold a solution, which not even a hash may give away.
    """
    taken: set[str] = set()
    for cell in cells:
        name = grade_id(cell)
        if not _CELL_ID.fullmatch(name):
            digest = hashlib.sha256((name or cell.source).encode()).hexdigest()
            name = f"{cell.cell_type}-{digest[:12]}"
        number = 1
        cell.id = name
        while cell.id in taken:
            number += 1
            cell.id = f"{name[:56]}-{number}"
        taken.add(cell.id)


def _malformed_header(cell: NotebookNode) -> str:
    """Return the part of a cell's header that jupytext or nbgrader could not read, "" if there is none."""
    metadata = cell.metadata.get("nbgrader", {})
    if not isinstance(metadata, dict):
        return f"nbgrader={json.dumps(metadata)}"
    return str(cell.metadata.get("incorrectly_encoded_metadata", ""))


def _mangled_comments(text: str, nb: NotebookNode) -> Iterator[tuple[int, str]]:
    """Yield line number and text of comments such as `# copy the model`, which jupytext reads as magics."""
    import jupytext

    fmt = {"extension": ".py", "format_name": "percent", "comment_magics": False}
    for cell, verbatim in zip(nb.cells, jupytext.reads(text, fmt=fmt).cells, strict=True):
        if cell.source.startswith("%%"):
            continue
        for line, original in zip(cell.source.splitlines(), verbatim.source.splitlines(), strict=True):
            if line != original and not _MAGIC.match(line):
                yield _line_number(text, re.compile(rf"{re.escape(original)}$")), original


def _line_number(text: str, pattern: re.Pattern[str]) -> int:
    return next((number for number, line in enumerate(text.splitlines(), 1) if pattern.match(line)), 0)
