"""A notebook out of the bytes that a student handed in, of which nothing is trusted.

nbformat's reader, converter and validator are not used here: they recurse into metadata, look into outputs,
and raise whatever a damaged part makes them raise. Only what `repair` can use is lifted out of the JSON.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Literal

import nbformat
from nbformat import NotebookNode

from autograde.errors import SubmissionError
from autograde.intake.decode import AGAIN, SIZE_LIMIT, UnusableError, parsed
from autograde.intake.files import plain_file, printable

CELLS_LIMIT = 10_000
READ_REPAIRS = "read_repairs"  # notebook metadata: what reading put right, in sentences to the student

_CELL_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


def read_submission(path: Path, size_limit: int = SIZE_LIMIT) -> NotebookNode:
    """Return a student's notebook as nbformat 4.5: sources, cell types, ids, grade_ids and attachments.

    Older formats are converted, odd parts mended; outputs, execution counts and other metadata are left out.
    Cell ids are valid, but may occur twice until `repair` makes them unique. The notebook's metadata hold
    nothing but what had to be put right, for `repair` to tell. `size_limit` is in bytes.

    Raises:
        SubmissionError: the file cannot be read as a notebook. It raises nothing else.

    """
    try:
        return notebook_in(plain_file(path, size_limit))
    except UnusableError as problem:
        raise SubmissionError(f"{shown_path(path)}: {problem}") from problem


def notebook_in(data: bytes) -> NotebookNode:
    """Return the notebook in the bytes of a file, as `read_submission` does.

    Raises:
        UnusableError: there is none. It raises nothing else.

    """
    document = parsed(data)
    cells = _raw_cells(document.json)
    if cells is None:
        raise UnusableError(f"it is no notebook: JSON without cells; {AGAIN}")
    if document.broken_off:
        cells = _without_a_headless(cells)
        if not cells:
            raise UnusableError(f"it breaks off before the end of its first cell; {AGAIN}")
    if len(cells) > CELLS_LIMIT:
        raise UnusableError(f"it has {len(cells)} cells, more than {CELLS_LIMIT}; {AGAIN}")
    metadata = NotebookNode({READ_REPAIRS: list(document.repairs)})
    return NotebookNode(nbformat=4, nbformat_minor=5, metadata=metadata, cells=mended_cells({"cells": cells}))


def _without_a_headless(cells: list[Any]) -> list[Any]:
    """Return the cells but for a last one that broke off before its text."""
    if cells and isinstance(cells[-1], dict) and not {"source", "input"} & cells[-1].keys():
        return cells[:-1]
    return cells


def shown_path(path: Path) -> str:
    """Return student, assignment and file, fit for one line."""
    return printable("/".join(path.parts[-3:]), 200)


def mended_cells(document: object) -> list[NotebookNode]:
    """Return the cells of a notebook document of any format, each valid in nbformat 4.5."""
    cells = _raw_cells(document) or []
    return [_mended(cell, number) for number, cell in enumerate(cells) if isinstance(cell, dict)]


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
    # Half a surrogate pair could not be written to any file again, a zero not be in any program.
    value = value.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    return value.encode("utf-8", "replace").decode("utf-8")


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
