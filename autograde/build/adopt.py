"""Taking a source notebook that was edited in Jupyter back into its text."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from autograde.build.rules import named
from autograde.build.source import (
    CLOSING,
    OPENING,
    authored,
    complete,
    digest,
    recorded,
    without_announcements,
)
from autograde.build.write import adopt_command, write_files
from autograde.course import Course
from autograde.errors import CourseError
from autograde.notebook import new_notebook, parse_text, read_notebook, read_text, to_text


def adopt(course: Course, path: Path, *, force: bool = False) -> Path:
    """Write an edited source notebook back as its text, and return the text's path.

    The notebook decides on cells, sources, tags and nbgrader's metadata; outputs, the announcements of hidden
    checks and what else Jupyter added are left out. A following build gives the edited cells again. Without
    an edit nothing is written. `force` keeps the notebook's version where both were changed.

    Raises:
        CourseError: the text was changed too since the last build, or cannot hold what the notebook holds.

    """
    path, text = _located(course, path)
    notebook = read_notebook(path)
    old = read_text(text) if text.exists() and not force else None
    new = _as_text(path, notebook, old)
    if old is not None:
        record = recorded(notebook)
        if digest(new) == digest(old) or (record and record.cells == digest(notebook)):
            return text
        if record is None or record.text != digest(old):
            why = "edited since it was built, and so was" if record else "not built by this kit from"
            raise CourseError(
                f"{path}: {why} {text}; keep the notebook with {adopt_command(course, path, force=True)}, "
                "or the text with `autograde build --force`"
            )
    rendered = to_text(new)
    _verify(path, new, rendered)
    write_files({text: rendered.encode()})
    return text


def _located(course: Course, path: Path) -> tuple[Path, Path]:
    """Return the full path of a source notebook and the path of its text."""
    full = (path if path.exists() else course.root / path).resolve()
    assignment, notebook = full.parent.name, full.stem
    if full != course.source(assignment, notebook).resolve():
        raise CourseError(
            f"{path}: no source notebook of this course; give source/<assignment>/<notebook>.ipynb"
        )
    return course.source(assignment, notebook), course.text(assignment, notebook)


def _as_text(path: Path, notebook: NotebookNode, old: NotebookNode | None) -> NotebookNode:
    """Return the notebook with what its text keeps."""
    before = {cell.id: cell.metadata for cell in old.cells} if old else {}
    cells = []
    for number, cell in enumerate(without_announcements(notebook).cells, 1):
        if problem := _unkeepable(cell):
            raise CourseError(f"{path}: {named(number, cell)}: {problem}")
        cells.append(_text_cell(cell, before.get(cell.get("id", ""), {})))
    return new_notebook(cells)


def _unkeepable(cell: NotebookNode) -> str:
    if OPENING in cell.source or CLOSING in cell.source:
        return (
            "the comment about hidden checks is damaged; delete the rest of it, the next build writes it anew"
        )
    if authored(cell)["attachments"]:
        return "a text cannot hold an attached file; save it under data/ beside the text and link to it"
    return ""


def _text_cell(cell: NotebookNode, kept: Mapping[str, Any]) -> dict[str, Any]:
    """Return a cell for the text; its metadata in the text before decide on layout and other keys."""
    part = authored(cell)
    metadata = {key: value for key, value in kept.items() if key not in ("nbgrader", "tags")}
    if part["tags"]:
        metadata["tags"] = part["tags"]
    if part["nbgrader"]:
        short = kept.get("nbgrader")
        metadata["nbgrader"] = short if short and complete(short) == part["nbgrader"] else part["nbgrader"]
    return {"cell_type": cell.cell_type, "source": part["source"], "metadata": metadata}


def _verify(path: Path, new: NotebookNode, rendered: str) -> None:
    """Refuse a notebook that its text would give back with other cells, as one with a line `# %%` would."""
    try:
        again = [authored(cell) for cell in parse_text(rendered).cells]
    except CourseError as error:
        raise CourseError(f"{path}: cannot be kept as text: {error}") from error
    for number, cell in enumerate(new.cells, 1):
        if again[number - 1 : number] != [authored(cell)]:
            raise CourseError(
                f"{path}: {named(number, cell)} cannot be kept as text: it would be read back as another cell"
            )
