"""Notebooks as .ipynb JSON."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograde.errors import CourseError


def new_notebook(cells: Iterable[Mapping[str, Any]]) -> NotebookNode:
    """Return a notebook of the given cells for the kernel python3."""
    metadata = {
        "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    contents = {"cells": list(cells), "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    nb: NotebookNode = nbformat.from_dict(contents)
    return nb


def dumps(nb: NotebookNode) -> str:
    """Return the notebook's JSON, byte for byte as nbconvert writes it."""
    text: str = nbformat.writes(nb, version=4)
    return text if text.endswith("\n") else text + "\n"


def read_notebook(path: Path) -> NotebookNode:
    """Read one of the instructor's own notebooks.

    Raises:
        CourseError: it is missing, or no valid notebook; the message names the file.

    """
    try:
        with warnings.catch_warnings():
            # Missing or repeated cell ids are no matter: ids are given anew when the notebook is built.
            warnings.simplefilter("ignore")
            nb = _as_version_4(path.read_text("utf-8"))
            nbformat.validate(nb, relax_add_props=True)
    except OSError as error:
        raise CourseError(f"{path}: {reason(error)}; run `autograde build`") from error
    except Exception as error:  # nbformat lets through whatever odd JSON makes it raise
        raise CourseError(
            f"{path}: not a notebook: {reason(error)}; mend it, or run `autograde build --force`"
        ) from error
    return nb


def loads(text: str) -> NotebookNode:
    """Read back what `dumps` wrote."""
    notebook: NotebookNode = nbformat.reader.reads(text)
    return notebook


def _as_version_4(text: str) -> NotebookNode:
    nb = nbformat.reader.reads(text)
    converted: NotebookNode = nbformat.convert(nb, 4)
    return converted


def reason(error: Exception) -> str:
    """Return in one line why a file could not be read."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
