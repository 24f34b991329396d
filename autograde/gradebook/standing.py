"""What the gradebook knows of an assignment as a whole: totals, work left for people, who is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nbgrader.api import (  # type: ignore[import-untyped]
    Assignment,
    BaseCell,
    Grade,
    Gradebook,
    Notebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy.engine import make_url

from autograde.course import Course
from autograde.gradebook.database import course_config, course_gradebook, url_of
from autograde.gradebook.scores import scores
from autograde.model import Score


@dataclass(frozen=True)
class Standing:
    """Scores by student, and the rest.

    `by_hand` counts, for each cell, the submissions in which it waits for a person. `absent` are the students
    whom the gradebook knows without a submission.
    """

    scores: Mapping[str, Score] = field(default_factory=dict)
    by_hand: Mapping[str, int] = field(default_factory=dict)
    absent: tuple[str, ...] = ()


def standing(course: Course, assignment: str) -> Standing:
    """Return where the class stands; nothing of it if there is no gradebook, which is not made either.

    Raises:
        AutogradeError: the database cannot be read.

    """
    url = make_url(url_of(course, course_config(course)))
    if url.drivername.startswith("sqlite") and not (url.database and Path(url.database).is_file()):
        return Standing()
    with course_gradebook(course) as (gradebook, _):
        known = gradebook.db.query(Assignment).filter_by(name=assignment).one_or_none()
        if known is None:
            return Standing(absent=_students(gradebook))
        handed_in = {
            row.student_id for row in gradebook.db.query(SubmittedAssignment).filter_by(assignment=known)
        }
        by_hand = _by_hand(gradebook, known.id)
        absent = tuple(name for name in _students(gradebook) if name not in handed_in)
    return Standing({score.student: score for score in scores(course, assignment)}, by_hand, absent)


def _students(gradebook: Gradebook) -> tuple[str, ...]:
    return tuple(row.id for row in gradebook.db.query(Student).order_by(Student.id))


def _by_hand(gradebook: Gradebook, assignment_id: str) -> dict[str, int]:
    query = gradebook.db.query(Notebook.name, BaseCell.name)
    query = query.select_from(Grade).join(BaseCell, BaseCell.id == Grade.cell_id)
    query = query.join(SubmittedNotebook, SubmittedNotebook.id == Grade.notebook_id)
    query = query.join(Notebook, Notebook.id == SubmittedNotebook.notebook_id)
    rows = query.filter(Notebook.assignment_id == assignment_id, Grade.needs_manual_grade.is_(True))
    return dict(sorted(Counter(f"{notebook}: {cell}" for notebook, cell in rows).items()))
