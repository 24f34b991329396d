"""Text to source notebook: nbgrader's metadata completed, hidden checks announced, the build recorded."""

from __future__ import annotations

import copy
import hashlib
import json
import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nbformat import NotebookNode

from autograde.model import CheckInfo, Visibility
from autograde.notebook import graded_exercise

# nbgrader's preprocessors take this key out of a notebook before students get it, so what is recorded under
# it stays in source/. A student could confirm a guess of a short solution with a hash of the text.
INSTRUCTOR_KEY = "celltoolbar"

OPENING = "# ---- Hidden checks " + "-" * 50
CLOSING = "# ---- Visible tests " + "-" * 50
_ANNOUNCEMENT = re.compile(rf"^{re.escape(OPENING)}\n(?:#.*\n)*?{re.escape(CLOSING)}(?:\n|\Z)", re.MULTILINE)

_WIDTH = 82  # of the announcement: `nbgrader validate` cuts lines of more

# jupytext's notes on the layout of the text; they say nothing about the cell.
_LAYOUT = ("lines_to_next_cell", "cell_marker")


@dataclass(frozen=True)
class Record:
    """What a source notebook was built from, and as what: digests of the text and of the built cells."""

    text: str
    cells: str


def source_notebook(text: NotebookNode, checks: Mapping[str, Sequence[CheckInfo]]) -> NotebookNode:
    """Build the source notebook from a parsed text; `checks` are those of each exercise it grades."""
    nb = copy.deepcopy(text)
    for cell in nb.cells:
        for key in _LAYOUT:
            cell.metadata.pop(key, None)
        if "nbgrader" in cell.metadata:
            cell.metadata["nbgrader"] = complete(cell.metadata["nbgrader"])
        if exercise := graded_exercise(cell):
            cell.source = announcement(checks[exercise]) + cell.source
    nb.metadata[INSTRUCTOR_KEY] = {"autograde": {"text": digest(text), "cells": digest(nb)}}
    return nb


def complete(meta: Mapping[str, Any]) -> dict[str, Any]:
    """Return nbgrader's metadata of a cell with all the fields nbgrader's editor writes, and no others."""
    full = {
        "grade": False,
        "locked": bool(meta.get("grade")) and not meta.get("solution"),
        "schema_version": 3,
        "solution": False,
        "task": False,
        **meta,
    }
    number = full.get("points")
    if isinstance(number, float) and number.is_integer():
        full["points"] = int(number)  # as JupyterLab saves it
    return {key: value for key, value in full.items() if key not in ("checksum", "cell_type")}


def announcement(checks: Sequence[CheckInfo]) -> str:
    """Return the comment that tells a student about an exercise's hidden checks; it ends with a newline."""
    announced = [check.sentence for check in checks if check.visibility is Visibility.ALWAYS]
    unannounced = len(checks) - len(announced)
    number = "1 hidden check runs" if len(checks) == 1 else f"{len(checks)} hidden checks run"
    lines = [f"{number} on your answer when it is graded{':' if announced else '.'}", *announced]
    if announced and unannounced:
        lines.append(f"and {unannounced} more")
    body = "".join(_comment(line, "# - " if number else "# ") for number, line in enumerate(lines))
    return f"{OPENING}\n{body}{CLOSING}\n"


def _comment(sentence: str, start: str) -> str:
    """Return a sentence as a comment, in lines that `nbgrader validate` and narrow screens show whole."""
    wrapped = textwrap.wrap(
        sentence,
        _WIDTH,
        initial_indent=start,
        subsequent_indent=f"#{' ' * (len(start) - 1)}",
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\n".join(wrapped) + "\n"


def without_announcements(nb: NotebookNode) -> NotebookNode:
    """Return a copy of a source notebook without the comments that `announcement` made."""
    nb = copy.deepcopy(nb)
    for cell in nb.cells:
        cell.source = _ANNOUNCEMENT.sub("", cell.source)
    return nb


def digest(nb: NotebookNode) -> str:
    """Return a hash of what an author writes: cell types, sources, attachments, tags and nbgrader's metadata.

    Outputs, execution counts, ids and whatever else Jupyter adds or drops when it saves make no difference.
    """
    return hashlib.sha256(json.dumps(list(map(authored, nb.cells)), sort_keys=True).encode()).hexdigest()


def authored(cell: NotebookNode) -> dict[str, Any]:
    """Return the part of a cell that an author writes, with defaults filled in."""
    meta = cell.metadata.get("nbgrader")
    return {
        "cell_type": cell.cell_type,
        "source": cell.source.rstrip(),
        "attachments": cell.get("attachments") or {},
        "tags": cell.metadata.get("tags") or [],
        "nbgrader": complete(meta) if meta else None,
    }


def recorded(nb: NotebookNode) -> Record | None:
    """Return what was recorded when a source notebook was built; None if it was not built."""
    try:
        record = nb.metadata[INSTRUCTOR_KEY]["autograde"]
        return Record(text=str(record["text"]), cells=str(record["cells"]))
    except (KeyError, TypeError):
        return None
