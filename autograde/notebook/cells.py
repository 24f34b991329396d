"""The roles that nbgrader's metadata give to cells."""

from __future__ import annotations

from enum import StrEnum

from nbformat import NotebookNode

GRADE_PREFIX = "test_"


class Role(StrEnum):
    """What nbgrader's metadata make of a cell."""

    SOLUTION = "solution"  # code the student writes, judged by a grade cell
    GRADE = "grade"  # locked visible tests; carries the automatic points
    WRITTEN = "written"  # the student's own words, graded by hand
    LOCKED = "locked"  # read-only: restored if a student changed it
    FREE = "free"  # everything else


def role(cell: NotebookNode) -> Role:
    """Return the role of a cell."""
    meta = cell.metadata.get("nbgrader", {})
    if meta.get("grade") and meta.get("solution"):
        return Role.WRITTEN
    if meta.get("grade"):
        return Role.GRADE
    if meta.get("solution"):
        return Role.SOLUTION
    return Role.LOCKED if meta.get("locked") else Role.FREE


def grade_id(cell: NotebookNode) -> str:
    """Return nbgrader's name of a cell, "" where it has none."""
    return str(cell.metadata.get("nbgrader", {}).get("grade_id", ""))


def points(cell: NotebookNode) -> float:
    """Return the points of a grade or written cell, 0.0 for others."""
    return float(cell.metadata.get("nbgrader", {}).get("points", 0.0))


def graded_exercise(cell: NotebookNode) -> str:
    """Return the exercise whose automatic points a grade cell carries, "" for any other cell."""
    name = grade_id(cell)
    return (
        name.removeprefix(GRADE_PREFIX) if role(cell) is Role.GRADE and name.startswith(GRADE_PREFIX) else ""
    )
