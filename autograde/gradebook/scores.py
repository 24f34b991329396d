"""Scores: written from results, one student at a time, and read back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nbformat import NotebookNode
from nbgrader.api import (  # type: ignore[import-untyped]
    Grade,
    Gradebook,
    MissingEntry,
    SubmittedAssignment,
    SubmittedNotebook,
)
from nbgrader.preprocessors import AssignLatePenalties  # type: ignore[import-untyped]
from nbgrader.utils import (  # type: ignore[import-untyped]
    compute_checksum,
    determine_grade,
    is_solution,
    parse_utc,
)
from sqlalchemy.orm import undefer
from traitlets.config.loader import Config

from autograde.course import Course
from autograde.errors import CourseError, SubmissionError
from autograde.gradebook.database import course_gradebook, opened, require_assignment
from autograde.model import NotebookResult, SubmissionResult
from autograde.notebook import GRADE_PREFIX, Role, grade_id, role

NO_RESPONSE = "No response."  # as nbgrader says it


@dataclass(frozen=True)
class Score:
    """One student's points in one assignment, automatic and manual, and what lateness takes off them."""

    student: str
    score: float
    max_score: float
    late_penalty: float
    needs_manual_grade: bool


def record(
    course: Course, result: SubmissionResult, notebooks: Mapping[str, NotebookNode], timestamp: str | None
) -> None:
    """Write a student's submission: a score for every grade cell, and what is left for people to grade.

    `notebooks` are the graded notebooks by name, in which untouched answers are recognised. Notebooks of the
    assignment that the result lacks were not handed in, and score 0. The scores are written all at once.

    Raises:
        CourseError: the gradebook does not know the assignment, or has other points for an exercise.
        SubmissionError: `timestamp` is no date.

    """
    results = {notebook.notebook: notebook for notebook in result.notebooks}
    with course_gradebook(course) as (gradebook, config):
        submission = _submission(gradebook, result, timestamp)
        for row in submission.notebooks:
            _write(row, results.get(row.name), notebooks.get(row.name))
        _assign_late_penalties(gradebook, submission, config)
        gradebook.db.commit()


def record_notebook(
    url: str, assignment: str, student: str, result: NotebookResult, notebook: NotebookNode
) -> None:
    """Write one notebook of a submission that the gradebook has already, without late penalties.

    Raises:
        CourseError: the gradebook does not know the submission, or has other points for an exercise.

    """
    with opened(url) as gradebook:
        try:
            row = gradebook.find_submission_notebook(result.notebook, assignment, student)
        except MissingEntry as error:
            raise CourseError(
                f"{url.removeprefix('sqlite:///')}: {error}; run `nbgrader autograde`"
            ) from error
        _write(row, result, notebook)
        gradebook.db.commit()


def scores(course: Course, assignment: str) -> tuple[Score, ...]:
    """Return the standing of every student whose submission the gradebook has, by student."""
    wanted = ("score", "max_score", "late_submission_penalty", "needs_manual_grade")
    with course_gradebook(course) as (gradebook, _):
        require_assignment(gradebook, assignment)
        rows = (
            gradebook.db.query(SubmittedAssignment)
            .filter(SubmittedAssignment.assignment.has(name=assignment))
            .options(*(undefer(getattr(SubmittedAssignment, name)) for name in wanted))
            .order_by(SubmittedAssignment.student_id)
        )
        return tuple(Score(row.student_id, *(getattr(row, name) for name in wanted)) for row in rows)


def _write(row: SubmittedNotebook, result: NotebookResult | None, notebook: NotebookNode | None) -> None:
    """Set the automatic scores and comments of one submitted notebook; the caller commits.

    Needing manual grading follows nbgrader: no automatic score, or a manual one that may be out of date. It
    also holds for exercises that the kit could not judge and notebooks that it could not read.
    """
    cells = {grade_id(cell): cell for cell in notebook.cells} if notebook else {}
    for grade in row.grades:
        grade.auto_score, doubtful = _auto_score(grade, result, cells.get(grade.name))
        outdated = result is not None and grade.manual_score is not None
        grade.needs_manual_grade = doubtful or outdated or grade.auto_score is None
    for comment in row.comments:
        cell = cells.get(comment.name)
        comment.auto_comment = NO_RESPONSE if cell is not None and _untouched(cell) else None


def _auto_score(
    grade: Grade, result: NotebookResult | None, cell: NotebookNode | None
) -> tuple[float | None, bool]:
    """Return a cell's automatic score (None: only a person can give it) and whether a person has to look."""
    if result is None or result.problem:
        return 0.0, result is not None
    for exercise in result.exercises:
        if GRADE_PREFIX + exercise.exercise != grade.name:
            continue
        if exercise.max_score != grade.cell.max_score:
            raise CourseError(
                f"{result.notebook}: {grade.name} gives {exercise.max_score:g} points, in gradebook.db "
                f"{grade.cell.max_score:g}; run `autograde build` and `nbgrader generate_assignment --force`"
            )
        return exercise.score, exercise.flagged
    if cell is not None and role(cell) is Role.WRITTEN:
        return determine_grade(cell)[0], False  # 0 for an untouched answer, else None
    return None, False


def _untouched(cell: NotebookNode) -> bool:
    return bool(is_solution(cell) and cell.metadata.nbgrader.get("checksum") == compute_checksum(cell))


def _submission(gradebook: Gradebook, result: SubmissionResult, timestamp: str | None) -> SubmittedAssignment:
    """Return the row of a student's submission; a new one is to be graded until its scores are written."""
    require_assignment(gradebook, result.assignment)
    when: dict[str, Any] = {"timestamp": _time(result, timestamp)} if timestamp else {}
    gradebook.update_or_create_student(result.student)
    return gradebook.update_or_create_submission(result.assignment, result.student, **when)


def _time(result: SubmissionResult, timestamp: str) -> object:
    try:
        return parse_utc(timestamp)
    except (ValueError, OverflowError) as error:
        where = f"submitted/{result.student}/{result.assignment}/timestamp.txt"
        advice = "write the time of submission there, or remove the file"
        raise SubmissionError(f"{where}: {timestamp[:40]!r} is no date; {advice}") from error


def _assign_late_penalties(gradebook: Gradebook, submission: SubmittedAssignment, config: Config) -> None:
    """Take off what the course's late submission plugin says, as nbgrader's own preprocessor does."""
    rule = AssignLatePenalties(config=config)
    rule.init_plugin()
    gradebook.db.flush()
    for row in submission.notebooks:
        penalty = None
        if submission.total_seconds_late > 0:
            gradebook.db.refresh(row, ["score"])
            penalty = rule.plugin_inst.late_submission_penalty(
                submission.student_id, row.score, submission.total_seconds_late
            )
        row.late_submission_penalty = None if penalty is None else min(max(penalty, 0.0), row.score)
