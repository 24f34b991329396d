"""Scores: set from results in the rows of a submission, and read back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nbformat import NotebookNode
from nbgrader.api import (  # type: ignore[import-untyped]
    Comment,
    Grade,
    Gradebook,
    GradeCell,
    MissingEntry,
    Notebook,
    SolutionCell,
    SubmittedAssignment,
    SubmittedNotebook,
)
from nbgrader.utils import compute_checksum, determine_grade, is_solution  # type: ignore[import-untyped]
from sqlalchemy import ColumnElement
from sqlalchemy.orm import undefer

from autograde.course import Course
from autograde.errors import CourseError
from autograde.gradebook.database import course_gradebook, named, opened, require_assignment
from autograde.model import NotebookResult, Score
from autograde.notebook import GRADE_PREFIX, Role, grade_id, role

NO_RESPONSE = "No response."  # as nbgrader says it


def record_notebook(
    url: str, assignment: str, student: str, result: NotebookResult, notebook: NotebookNode
) -> None:
    """Write one notebook of a submission that the gradebook has already, without late penalties.

    Raises:
        CourseError: the gradebook does not know the submission, or has other points for an exercise.

    """
    name = result.notebook
    with opened(url) as gradebook:
        try:
            row = gradebook.find_submission_notebook(name, assignment, student)
        except MissingEntry as error:
            raise CourseError(f"{named(url)}: {error}; run `nbgrader autograde {assignment}`") from error
        write_scores(gradebook, SubmittedNotebook.id == row.id, {name: result}, {name: notebook})
        gradebook.db.commit()


def scores(course: Course, assignment: str) -> tuple[Score, ...]:
    """Return the standing of every student whose submission the gradebook has, by student."""
    wanted = ("score", "max_score", "late_submission_penalty", "needs_manual_grade")
    with course_gradebook(course) as (gradebook, _):
        known = require_assignment(gradebook, assignment)
        rows = (
            gradebook.db.query(SubmittedAssignment)
            .filter_by(assignment_id=known.id)
            .options(*(undefer(getattr(SubmittedAssignment, name)) for name in wanted))
            .order_by(SubmittedAssignment.student_id)
        )
        return tuple(Score(row.student_id, *(getattr(row, name) for name in wanted)) for row in rows)


def write_scores(
    gradebook: Gradebook,
    which: ColumnElement[bool],
    results: Mapping[str, NotebookResult],
    notebooks: Mapping[str, NotebookNode],
) -> None:
    """Set the automatic scores and comments of submitted notebooks; the caller commits.

    Needing manual grading follows nbgrader: no automatic score, or a manual one that may be out of date. It
    also holds for exercises that the kit could not judge and notebooks that it could not read.
    """
    cells = {(name, grade_id(cell)): cell for name, nb in notebooks.items() for cell in nb.cells}
    for grade, cell_row, name in _rows(gradebook, Grade, GradeCell, which):
        _set_grade(grade, cell_row, results.get(name), cells.get((name, cell_row.name)))
    for comment, cell_row, name in _rows(gradebook, Comment, SolutionCell, which):
        cell = cells.get((name, cell_row.name))
        comment.auto_comment = NO_RESPONSE if cell is not None and _untouched(cell) else None


def _rows(gradebook: Gradebook, kind: Any, cell_kind: Any, which: ColumnElement[bool]) -> list[Any]:
    """Return grades or comments of submitted notebooks, each with its cell and the notebook's name."""
    query = gradebook.db.query(kind, cell_kind, Notebook.name)
    query = query.join(cell_kind, cell_kind.id == kind.cell_id)
    query = query.join(SubmittedNotebook, SubmittedNotebook.id == kind.notebook_id)
    return list(query.join(Notebook, Notebook.id == SubmittedNotebook.notebook_id).filter(which))


def _set_grade(
    grade: Grade, cell_row: GradeCell, result: NotebookResult | None, cell: NotebookNode | None
) -> None:
    if result is None:  # not handed in
        grade.auto_score, grade.needs_manual_grade = 0.0, False
        return
    grade.auto_score, doubtful = _auto_score(cell_row, result, cell)
    outdated = grade.manual_score is not None
    grade.needs_manual_grade = doubtful or outdated or grade.auto_score is None


def _auto_score(
    cell_row: GradeCell, result: NotebookResult, cell: NotebookNode | None
) -> tuple[float | None, bool]:
    """Return a cell's automatic score (None: only a person can give it) and whether a person has to look."""
    if result.problem:
        return 0.0, True
    for exercise in result.exercises:
        if GRADE_PREFIX + exercise.exercise != cell_row.name:
            continue
        if exercise.max_score != cell_row.max_score:
            raise CourseError(
                f"{result.notebook}: {cell_row.name} gives {exercise.max_score:g} points, in gradebook.db "
                f"{cell_row.max_score:g}; run `autograde build` and `nbgrader generate_assignment --force`"
            )
        return exercise.score, exercise.flagged
    if cell is not None and role(cell) is Role.WRITTEN:
        return determine_grade(cell)[0], False  # 0 for an untouched answer, else None
    return None, False


def _untouched(cell: NotebookNode) -> bool:
    return bool(is_solution(cell) and cell.metadata.nbgrader.get("checksum") == compute_checksum(cell))
