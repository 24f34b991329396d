"""What decides a result: where all of it is the same, an earlier result holds and nothing has to be run.

A digest stands for the content of each part, so a file that was saved without a change, or changed back,
makes no difference.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograde.checks.reference import cells_before_grading
from autograde.course import Course, Exercise
from autograde.errors import CourseError
from autograde.files import digest, digest_of_files
from autograde.notebook import graded_exercise, points, read_notebook
from autograde.state import digest_beside, kit_digest, limits_digest


@dataclass(frozen=True)
class Deciding:
    """Digests of the state of a course's assignment.

    `kit` stands for package, libraries and seed; `notebooks` for each notebook's limits and the files that
    lie beside it; `exercises` for the checks, the wrong specimens and the reference of each.
    """

    kit: str
    notebooks: Mapping[str, str]
    exercises: Mapping[str, str]

    @classmethod
    def of(cls, course: Course, assignment: str) -> Deciding:
        """Take the digests of an assignment as it is now.

        Raises:
            CourseError: the course is not built.

        """
        names = course.notebooks(assignment)
        files = digest_beside(course.student_files(assignment))
        exercises: dict[str, str] = {}
        known = {one.name: one for one in course.exercises(assignment)}
        for name in names:
            exercises |= _exercise_digests(course.source(assignment, name), known)
        limits = {name: digest(limits_digest(course, name), files) for name in names}
        return cls(kit_digest(course), limits, exercises)

    def run(self, notebook: str, sources: Sequence[str]) -> str:
        """Return what decides how a notebook's code cells run."""
        return digest(self.kit, self.notebooks[notebook], *sources)

    def exercise(self, notebook: str, name: str, sources: Sequence[str]) -> str:
        """Return what decides an exercise's result; `sources` are the code cells up to its grade cell."""
        return digest(self.kit, self.notebooks[notebook], self.exercises.get(name, ""), name, *sources)


def exercise_digest(course: Course, exercise: Exercise) -> str:
    """Return a digest of an exercise's checks, wrong specimens and reference.

    Raises:
        CourseError: no built notebook has a grade cell for it.

    """
    for name in course.notebooks(exercise.assignment):
        path = course.source(exercise.assignment, name)
        found = _exercise_digests(path, {exercise.name: exercise})
        if found:
            return found[exercise.name]
    raise CourseError(f"{exercise.check_file}: no notebook grades {exercise.name}; run `autograde build`")


def _exercise_digests(source: Path, known: Mapping[str, Exercise]) -> dict[str, str]:
    cells = read_notebook(source).cells
    found = {}
    for at, cell in enumerate(cells):
        exercise = known.get(graded_exercise(cell))
        if exercise is not None:
            reference = [one.source for one in cells_before_grading(cells, at)]
            judged_by = digest_of_files([exercise.check_file, *exercise.wrong], exercise.folder)
            found[exercise.name] = digest(judged_by, str(points(cell)), *reference)
    return found
