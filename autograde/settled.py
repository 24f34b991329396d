"""A class of which everything has been written, known again without loading what grades and records.

After a run a seal is kept of all that decides whether there is anything to do: submissions, checks, settings,
results and the gradebook's file, by what they hold. While it fits, the next run can tell what that one told.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograde.course import MARKER, Course
from autograde.errors import CourseError
from autograde.files import SUBMISSION_LIMIT, digest, digest_of_folder, write_atomically
from autograde.model import Score, SubmissionResult
from autograde.state import state_of

SEALS = ".autograde/settled"
_FORMAT = "1"
# Where nbgrader_config.py may say that the gradebook is elsewhere, nothing is sealed.
_ELSEWHERE = (b"db_url", b"load_subconfig")


@dataclass(frozen=True)
class Settled:
    """What the run that settled everything found: results and standing, by student."""

    results: tuple[SubmissionResult, ...]
    standing: tuple[Score, ...]


def settled(course: Course, assignment: str) -> Settled | None:
    """Return what is known of a class if nothing has changed since all of it was written, else None."""
    try:
        told = json.loads(_path(course, assignment).read_bytes())
        submissions = submission_digests(course, assignment, course.students(assignment))
        if told["key"] != key_of(course, assignment, state_of(course, assignment), submissions):
            return None
        results = tuple(
            SubmissionResult.from_json(course.results(assignment, student).read_text("utf-8"))
            for student in submissions
        )
        return Settled(results, tuple(Score(**score) for score in told["standing"]))
    except (OSError, ValueError, KeyError, TypeError, CourseError):
        return None


def submission_digests(course: Course, assignment: str, students: Sequence[str]) -> dict[str, str]:
    """Return a digest of each student's submission as it is now."""
    folders = {student: course.submitted(assignment, student) for student in students}
    return {student: digest_of_folder(folder, SUBMISSION_LIMIT) for student, folder in folders.items()}


def key_of(course: Course, assignment: str, state: str, submissions: Mapping[str, str]) -> str:
    """Return what stands for all that is written for these submissions, "" if that cannot be told.

    `state` is that of the assignment, `submissions` has everybody's digest.

    Raises:
        OSError: some of it is not there.

    """
    config = (course.root / MARKER).read_bytes()
    gradebook = Path(course.gradebook_url.removeprefix("sqlite:///"))
    pending = [gradebook.with_name(f"{gradebook.name}{ending}") for ending in ("-journal", "-wal")]
    names = course.notebooks(assignment)
    graded = (
        course.autograded(assignment, student) / f"{name}.ipynb" for student in submissions for name in names
    )
    if any(word in config for word in _ELSEWHERE) or any(path.exists() for path in pending):
        return ""
    if not all(path.is_file() for path in graded):
        return ""
    parts: list[str | bytes] = [_FORMAT, state, config, gradebook.read_bytes()]
    for student, submission in sorted(submissions.items()):
        parts += [student, submission, course.results(assignment, student).read_bytes()]
    return digest(*parts)


def seal(course: Course, assignment: str, key: str, standing: Sequence[Score]) -> None:
    """Note that everything has been written that `key` stands for."""
    told = {"key": key, "standing": [dataclasses.asdict(score) for score in standing]}
    write_atomically(_path(course, assignment), json.dumps(told))


def unseal(course: Course, assignment: str) -> None:
    """Note that something may be going to be written."""
    _path(course, assignment).unlink(missing_ok=True)


def _path(course: Course, assignment: str) -> Path:
    return course.root / SEALS / f"{assignment}.json"
