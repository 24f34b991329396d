"""The one writer of a course's gradebook while a class is graded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from nbformat import NotebookNode
from nbgrader.api import (  # type: ignore[import-untyped]
    Assignment,
    Comment,
    Grade,
    Gradebook,
    GradeCell,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)
from nbgrader.preprocessors import AssignLatePenalties  # type: ignore[import-untyped]
from nbgrader.utils import parse_utc  # type: ignore[import-untyped]
from traitlets.config.loader import Config

from autograde.course import Course
from autograde.errors import SubmissionError
from autograde.gradebook.database import course_gradebook, explained, require_assignment, url_of
from autograde.gradebook.scores import write_scores
from autograde.model import SubmissionResult
from autograde.notebook import GRADE_PREFIX

_TOGETHER = 20  # submissions whose rows are made in one transaction: others can write in between


class Recorder:
    """Writes submissions of one assignment, each in a transaction of its own. Get one from `recorder`."""

    def __init__(self, course: Course, assignment: str, gradebook: Gradebook, config: Config) -> None:
        self._course = course
        self._assignment = assignment
        self._gradebook = gradebook
        self._config = config
        self._url = url_of(course, config)

    def enrol(self, students: Sequence[str]) -> None:
        """Make the rows of submissions that have none; until they are recorded a person has to look at them.

        Raises:
            CourseError: the gradebook does not know the assignment.
            AutogradeError: the database cannot be written.

        """
        assignment = require_assignment(self._gradebook, self._assignment)
        with self._transaction():
            present = {row.student_id for row in assignment.submissions}
        absent = [student for student in students if student not in present]
        for start in range(0, len(absent), _TOGETHER):
            with self._transaction():
                for student in absent[start : start + _TOGETHER]:
                    self._row(student)

    def record(
        self, result: SubmissionResult, notebooks: Mapping[str, NotebookNode], timestamp: str | None
    ) -> None:
        """Write a student's submission: a score for every grade cell, and what is left for people to grade.

        `notebooks` are the graded notebooks by name, in which untouched answers are recognised. Notebooks of
        the assignment that were not handed in score 0. All of it is written in one transaction.

        Raises:
            AutogradeError: the gradebook does not know the assignment, has other points for an exercise, or
                cannot be written.
            SubmissionError: `timestamp` is no date.

        """
        time = _time(result, timestamp) if timestamp else None
        folder = self._course.submitted(result.assignment, result.student)
        results = {
            notebook.notebook: notebook
            for notebook in result.notebooks
            if not notebook.problem or (folder / f"{notebook.notebook}.ipynb").exists()
        }
        with self._transaction():
            submission = self._row(result.student)
            if time is not None:
                submission.timestamp = time
            write_scores(
                self._gradebook, SubmittedNotebook.assignment_id == submission.id, results, notebooks
            )
            self._assign_late_penalties(submission)

    def due_date(self) -> str:
        """Return when the assignment is due, "None" if that was never said."""
        with explained(self._url):
            return str(require_assignment(self._gradebook, self._assignment).duedate)

    def extensions(self) -> dict[str, str]:
        """Return by how much longer each student who has a submission may take."""
        with explained(self._url):
            rows = self._query(SubmittedAssignment.student_id, SubmittedAssignment.extension)
            return {student: str(extension) for student, extension in rows}

    def recorded(self) -> dict[str, dict[str, float | None]]:
        """Return the automatic scores that each student's submission has, by exercise."""
        found: dict[str, dict[str, float | None]] = {}
        with explained(self._url):
            rows = self._query(SubmittedAssignment.student_id, GradeCell.name, Grade.auto_score)
            rows = rows.join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
            rows = rows.join(Grade, Grade.notebook_id == SubmittedNotebook.id)
            for student, cell, score in rows.join(GradeCell, GradeCell.id == Grade.cell_id):
                if cell.startswith(GRADE_PREFIX):
                    found.setdefault(student, {})[cell.removeprefix(GRADE_PREFIX)] = score
        return found

    def _query(self, *columns: Any) -> Any:
        assignment = require_assignment(self._gradebook, self._assignment)
        query = self._gradebook.db.query(*columns).select_from(SubmittedAssignment)
        return query.filter(SubmittedAssignment.assignment_id == assignment.id)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with explained(self._url):
            try:
                yield
                self._gradebook.db.commit()
            except BaseException:
                self._gradebook.db.rollback()
                raise

    def _row(self, student_id: str) -> SubmittedAssignment:
        """Return the row of a student's submission, made if there is none."""
        session = self._gradebook.db
        assignment = require_assignment(self._gradebook, self._assignment)
        known = {"assignment_id": assignment.id, "student_id": student_id}
        with session.no_autoflush:
            submission = session.query(SubmittedAssignment).filter_by(**known).one_or_none()
            if submission is None:
                student = session.get(Student, student_id) or Student(id=student_id)
                submission = _new_submission(assignment, student)
                session.add(submission)
        session.flush()
        return submission

    def _assign_late_penalties(self, submission: SubmittedAssignment) -> None:
        """Take off what the course's late submission plugin says, as nbgrader's own preprocessor does."""
        rule = AssignLatePenalties(config=self._config)
        rule.init_plugin()
        late = submission.total_seconds_late
        session = self._gradebook.db
        session.flush()
        for row in session.query(SubmittedNotebook).filter_by(assignment_id=submission.id):
            penalty = None
            if late > 0:
                penalty = rule.plugin_inst.late_submission_penalty(submission.student_id, row.score, late)
            row.late_submission_penalty = None if penalty is None else min(max(penalty, 0.0), row.score)


@contextmanager
def recorder(course: Course, assignment: str) -> Iterator[Recorder]:
    """Open the gradebook for writing submissions of an assignment that is registered in it.

    Raises:
        AutogradeError: the database cannot be read or written.

    """
    with course_gradebook(course) as (gradebook, config):
        yield Recorder(course, assignment, gradebook, config)


def _new_submission(assignment: Assignment, student: Student) -> SubmittedAssignment:
    """Return the rows of a new submission, as `Gradebook.add_submission` makes and at once commits them."""
    submission = SubmittedAssignment(assignment=assignment, student=student)
    for notebook in assignment.notebooks:
        row = SubmittedNotebook(notebook=notebook, assignment=submission)
        for cell in (*notebook.grade_cells, *notebook.task_cells):
            Grade(cell_id=cell.id, notebook=row, needs_manual_grade=True)
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
