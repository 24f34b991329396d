"""Reading what a student handed in: bytes of which nothing is trusted.

nbformat's reader, converter and validator are not used here: they recurse into metadata, look into outputs,
and raise whatever a damaged part makes them raise. Only what `repair` can use is lifted out of the JSON.
"""

from __future__ import annotations

import json
import os
import re
import stat
from pathlib import Path
from typing import Any, Literal

import nbformat
from nbformat import NotebookNode

from autograde.errors import SubmissionError

SIZE_LIMIT = 50 * 2**20
# Parsed JSON takes up to 30 times its size (50 MB of `{"":0},`: 1.6 GB); this many values stay below 0.5 GB.
VALUES_LIMIT = 3_000_000
CELLS_LIMIT = 10_000

_AGAIN = "ask the student for the file again"
_CLEARED = "ask the student to clear all outputs and hand it in again"
_CELL_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class _UnusableError(Exception):
    """Says what is wrong with the file, and what to do."""


def read_submission(path: Path, size_limit: int = SIZE_LIMIT) -> NotebookNode:
    """Return a student's notebook as nbformat 4.5: sources, cell types, ids, grade_ids and attachments.

    Older formats are converted, odd parts mended; outputs, execution counts and other metadata are left out.
    Cell ids are valid, but may occur twice until `repair` makes them unique. `size_limit` is in bytes.

    Raises:
        SubmissionError: the file cannot be read as a notebook. It raises nothing else.

    """
    try:
        document = _parsed(_content(path, size_limit))
        cells = _raw_cells(document)
        if cells is None:
            raise _UnusableError(f"it is no notebook: JSON without cells; {_AGAIN}")
        if len(cells) > CELLS_LIMIT:
            raise _UnusableError(f"it has {len(cells)} cells, more than {CELLS_LIMIT}; {_AGAIN}")
    except _UnusableError as problem:
        raise SubmissionError(f"{printable('/'.join(path.parts[-3:]), 200)}: {problem}") from problem
    return NotebookNode(nbformat=4, nbformat_minor=5, metadata=NotebookNode(), cells=mended_cells(document))


def mended_cells(document: object) -> list[NotebookNode]:
    """Return the cells of a notebook document of any format, each valid in nbformat 4.5."""
    cells = _raw_cells(document) or []
    return [_mended(cell, number) for number, cell in enumerate(cells) if isinstance(cell, dict)]


def printable(text: str, limit: int = 40) -> str:
    """Return a student's text fit for one line: shortened, without control characters and backticks."""
    short = text if len(text) <= limit else text[: limit - 1] + "…"
    return "".join(char if char.isprintable() and char != "`" else "?" for char in short)


def _content(path: Path, size_limit: int) -> bytes:
    try:
        # A link to somebody else's file is not followed; a named pipe does not make us wait for its writer.
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise _UnusableError(f"it is not a plain file; {_AGAIN}")
            with os.fdopen(descriptor, "rb", closefd=False) as file:
                data = file.read(size_limit + 1)
        finally:
            os.close(descriptor)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = error.strerror if isinstance(error, OSError) else error
        raise _UnusableError(f"it cannot be read as a plain file ({reason}); {_AGAIN}") from error
    if len(data) > size_limit:
        raise _UnusableError(f"it is larger than {size_limit / 2**20:g} MB; {_CLEARED}")
    return data


def _parsed(data: bytes) -> object:
    if not data.strip():
        raise _UnusableError(f"it is empty; {_AGAIN}")
    if sum(map(data.count, (b",", b"[", b"{"))) > VALUES_LIMIT:
        raise _UnusableError(f"it holds too much data besides text; {_CLEARED}")
    try:
        # No number of the document is used. As floats, even those of a million digits are read in no time.
        return json.loads(data.decode("utf-8-sig"), parse_int=float)
    except UnicodeDecodeError as error:
        raise _UnusableError(f"it is not UTF-8 text (byte {error.start}); {_AGAIN}") from error
    except json.JSONDecodeError as error:
        raise _UnusableError(f"it is no notebook: {error.msg} in line {error.lineno}; {_AGAIN}") from error
    except (RecursionError, MemoryError) as error:
        raise _UnusableError(f"it is nested too deeply to be a notebook; {_AGAIN}") from error


def _raw_cells(document: object) -> list[Any] | None:
    if not isinstance(document, dict):
        return None
    if isinstance(document.get("cells"), list):
        return list(document["cells"])
    sheets = document.get("worksheets")  # nbformat 2 and 3
    if not isinstance(sheets, list):
        return None
    pages = [sheet.get("cells") for sheet in sheets if isinstance(sheet, dict)]
    return [cell for page in pages if isinstance(page, list) for cell in page]


def _mended(cell: dict[str, Any], number: int) -> NotebookNode:
    kind = _cell_type(cell.get("cell_type"))
    metadata = cell.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    source = _text(cell.get("source", cell.get("input")))  # code was called input up to nbformat 3
    if cell.get("cell_type") == "heading":
        source = f"{'#' * _level(cell.get('level'))} {source}"
    mended: dict[str, Any] = {"cell_type": kind, "source": source, "metadata": {}}
    # Colab keeps ids in the metadata.
    ids = [
        one
        for one in (cell.get("id"), metadata.get("id"))
        if isinstance(one, str) and _CELL_ID.fullmatch(one)
    ]
    mended["id"] = ids[0] if ids else f"unnamed-{number}"
    if name := _grade_id(metadata):
        mended["metadata"] = {"nbgrader": {"grade_id": name}}
    if kind == "code":
        mended |= {"outputs": [], "execution_count": None}
    elif attachments := _attachments(cell.get("attachments")):
        mended["attachments"] = attachments
    node: NotebookNode = nbformat.from_dict(mended)
    return node


def _cell_type(named: object) -> Literal["code", "markdown", "raw"]:
    match named:
        case "code" | "markdown":
            return named
        case "heading" | "html":  # up to nbformat 3
            return "markdown"
        case _:
            return "raw"


def _level(level: object) -> int:
    return int(level) if isinstance(level, int | float) and 1 <= level <= 6 else 1


def _text(value: object) -> str:
    if isinstance(value, list):
        value = "".join(line for line in value if isinstance(line, str))
    if not isinstance(value, str):
        return ""
    # Half a surrogate pair could not be written to any file again.
    return value.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").decode("utf-8")


def _grade_id(metadata: dict[str, Any]) -> str:
    nbgrader = metadata.get("nbgrader")
    return _text(nbgrader.get("grade_id")) if isinstance(nbgrader, dict) else ""


def _attachments(value: object) -> dict[str, dict[str, str]]:
    """Return embedded pictures by name and MIME type; none at all if anything about them is odd."""
    if not isinstance(value, dict):
        return {}
    for name, bundle in value.items():
        if not isinstance(name, str) or "/" in name or "\\" in name or not isinstance(bundle, dict):
            return {}
        if not all(isinstance(mime, str) and isinstance(data, str | list) for mime, data in bundle.items()):
            return {}
    return {
        _text(name): {_text(mime): _text(data) for mime, data in bundle.items()}
        for name, bundle in value.items()
    }
