"""Everything that is written for a submission: gradebook, graded notebooks, result document, in this order.

The last is a stamp, which says that the others are there. Whatever is cut off on the way is written again by
the next run, from what was kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from autograde.classroom.job import Graded
from autograde.classroom.kept import Stamp, Store
from autograde.course import MARKER, Course
from autograde.errors import CourseError
from autograde.files import digest, remove_leftovers, write_atomically
from autograde.model import SubmissionResult
from autograde.notebook import loads

if TYPE_CHECKING:
    from autograde.gradebook import Recorder

PRACTICE = "practice"
"""The folder in a course for graded notebooks and results of practice runs."""


@dataclass(frozen=True)
class Places:
    """Where a run puts graded notebooks and results: those of practice runs are kept apart."""

    course: Course
    practice: bool = False

    @property
    def _root(self) -> Course:
        return Course(self.course.root / PRACTICE) if self.practice else self.course

    def autograded(self, assignment: str, student: str) -> Path:
        """The folder of a student's graded notebooks."""
        return self._root.autograded(assignment, student)

    def results(self, assignment: str, student: str) -> Path:
        """The result document of a student's submission."""
        return self._root.results(assignment, student)


class Writer:
    """Writes submissions of one assignment. Get one from `writer`."""

    def __init__(self, places: Places, store: Store, recorder: Recorder | None) -> None:
        self._places = places
        self._store = store
        self._recorder = recorder

    def enrol(self, students: Sequence[str]) -> None:
        """Make the gradebook's rows of submissions that have none."""
        if self._recorder is not None:
            self._recorder.enrol(students)

    def lateness(self) -> Callable[[str], str]:
        """Return what tells of a student whether something that decides on penalties has changed."""
        if self._recorder is None:
            return lambda student: ""
        config = (self._places.course.root / MARKER).read_bytes()
        due, extensions = self._recorder.due_date(), self._recorder.extensions()
        return lambda student: digest(config, f"{due} {extensions.get(student)}")

    def has(self, result: SubmissionResult) -> bool:
        """Whether the gradebook holds these scores."""
        if self._recorder is None:
            return True
        held = self._held.get(result.student, {})
        return all(held.get(one.exercise, -1.0) == one.score for one in result.exercises)

    @cached_property
    def _held(self) -> dict[str, dict[str, float | None]]:
        assert self._recorder is not None
        return self._recorder.recorded()

    def write(self, graded: Graded, stamp: Stamp) -> None:
        """Write everything of a submission.

        Raises:
            AutogradeError: the gradebook cannot be written, or does not fit.
            SubmissionError: the time of submission is no date; nothing is written.
            OSError: a file cannot be written.

        """
        result, course = graded.result, self._places.course
        time = timestamp(course.submitted(result.assignment, result.student))
        if self._recorder is not None:
            answers = {name: loads(text) for name, text in graded.answers.items()}
            self._recorder.record(result, answers, time)
        folder = self._places.autograded(result.assignment, result.student)
        for name, text in graded.notebooks.items():
            write_atomically(folder / f"{name}.ipynb", text)
        if time:
            write_atomically(folder / "timestamp.txt", time)
        write_atomically(self._places.results(result.assignment, result.student), result.to_json())
        if self._recorder is not None:
            self._store.seal(result.student, stamp)


@contextmanager
def writer(course: Course, assignment: str, store: Store, *, unrecorded: bool) -> Iterator[Writer]:
    """Open a writer, and the gradebook for it; `unrecorded` results go to the folder of practice runs."""
    places = Places(course, unrecorded)
    if unrecorded:
        yield Writer(places, store, None)
    else:
        from autograde.gradebook import recorder  # takes seconds to load, and no worker needs it

        with recorder(course, assignment) as opened:
            yield Writer(places, store, opened)


def clean_up(course: Course, assignment: str, students: Iterator[str]) -> None:
    """Remove what a killed run left half written."""
    remove_leftovers(course.autograded(assignment, student) for student in students)
    remove_leftovers([course.results(assignment, "").parent, Store(course, assignment).folder])


def timestamp(folder: Path) -> str | None:
    """Return when the submission was collected, as nbgrader's collector noted it; None if it did not."""
    path = folder / "timestamp.txt"
    if path.is_symlink() or not path.is_file() or path.stat().st_size > 100:
        return None
    return path.read_text("utf-8", "replace").strip() or None


def stored_result(path: Path) -> SubmissionResult | None:
    """Return a result document, None if there is none that can be read."""
    try:
        return SubmissionResult.from_json(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None


def stored_results(course: Course, assignment: str) -> Iterator[SubmissionResult]:
    """Yield the result documents of an assignment, by student.

    Raises:
        CourseError: one cannot be read.

    """
    for path in sorted(course.results(assignment, "*").parent.glob("*.json")):
        try:
            yield SubmissionResult.from_json(path.read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise CourseError(f"{path}: {error}; run `autograde grade {assignment}` again") from error
