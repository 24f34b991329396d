"""Scores: written from results, one student at a time, and read back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nbformat import NotebookNode
from nbgrader.api import (  # type: ignore[import-untyped]
    Assignment,
    Comment,
    Grade,
    Gradebook,
    GradeCell,
    MissingEntry,
    Notebook,
    SolutionCell,
    Student,
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
from sqlalchemy import ColumnElement
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
    assignment that were not handed in score 0. All of it is written in one transaction.

    Raises:
        CourseError: the gradebook does not know the assignment, or has other points for an exercise.
        SubmissionError: `timestamp` is no date.

    """
    folder = course.submitted(result.assignment, result.student)
    results = {
        notebook.notebook: notebook
        for notebook in result.notebooks
        if not notebook.problem or (folder / f"{notebook.notebook}.ipynb").exists()
    }
    with course_gradebook(course) as (gradebook, config):
        submission = _submission(gradebook, result, timestamp)
        _write(gradebook, SubmittedNotebook.assignment_id == submission.id, results, notebooks)
        _assign_late_penalties(gradebook, submission, config)
        gradebook.db.commit()


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
            where = url.removeprefix("sqlite:///")
            raise CourseError(f"{where}: {error}; run `nbgrader autograde {assignment}`") from error
        _write(gradebook, SubmittedNotebook.id == row.id, {name: result}, {name: notebook})
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


def _write(
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


def _submission(gradebook: Gradebook, result: SubmissionResult, timestamp: str | None) -> SubmittedAssignment:
    """Return the row of a student's submission, made if there is none, with its time if that is known."""
    session = gradebook.db
    assignment = require_assignment(gradebook, result.assignment)
    student = session.get(Student, result.student) or Student(id=result.student)
    known = {"assignment_id": assignment.id, "student_id": result.student}
    with session.no_autoflush:
        submission = session.query(SubmittedAssignment).filter_by(**known).one_or_none()
        submission = submission or _new_submission(assignment, student)
        if timestamp:
            submission.timestamp = _time(result, timestamp)
        session.add(submission)
        session.flush()
    return submission


def _new_submission(assignment: Assignment, student: Student) -> SubmittedAssignment:
    """Return the rows of a new submission, as `Gradebook.add_submission` makes and at once commits them."""
    submission = SubmittedAssignment(assignment=assignment, student=student)
    for notebook in assignment.notebooks:
        row = SubmittedNotebook(notebook=notebook, assignment=submission)
        for cell in (*notebook.grade_cells, *notebook.task_cells):
            Grade(cell_id=cell.id, notebook=row)
        for cell in (*notebook.solution_cells, *notebook.task_cells):
            Comment(cell_id=cell.id, notebook=row)
    return submission


def _time(result: SubmissionResult, timestamp: str) -> datetime:
    try:
        time: datetime = parse_utc(timestamp)
    except (ValueError, OverflowError) as error:
        where = f"submitted/{result.student}/{result.assignment}/timestamp.txt"
        advice = "write the time of submission there, or remove the file"
        raise SubmissionError(f"{where}: {timestamp[:40]!r} is no date; {advice}") from error
    return time


def _assign_late_penalties(gradebook: Gradebook, submission: SubmittedAssignment, config: Config) -> None:
    """Take off what the course's late submission plugin says, as nbgrader's own preprocessor does."""
    rule = AssignLatePenalties(config=config)
    rule.init_plugin()
    late = submission.total_seconds_late
    gradebook.db.flush()
    for row in gradebook.db.query(SubmittedNotebook).filter_by(assignment_id=submission.id):
        penalty = None
        if late > 0:
            penalty = rule.plugin_inst.late_submission_penalty(submission.student_id, row.score, late)
        row.late_submission_penalty = None if penalty is None else min(max(penalty, 0.0), row.score)
