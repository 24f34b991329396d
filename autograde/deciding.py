"""What decides a result: where all of it is the same, an earlier result holds and nothing has to be run.

A digest stands for the content of each part, so a file that was saved without a change, or changed back,
makes no difference.
"""

from __future__ import annotations

import importlib.metadata
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import autograde
from autograde.checks.reference import cells_before_grading
from autograde.course import Course, Exercise
from autograde.errors import CourseError
from autograde.files import digest, digest_of_files
from autograde.notebook import graded_exercise, points, read_notebook

_LIBRARIES = ("torch", "torchvision", "numpy", "matplotlib", "matplotlib-inline", "ipython", "nbformat")
# Parts of this package that show results, or make what is graded, but decide nothing of a result.
_FACES = (
    "build",
    "classroom",
    "cli",
    "gradebook",
    "report",
    "ci",
    "demo",
    "doctor",
    "nbgrader_plugin",
    "verify",
)


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
        files = _digest_beside(course.student_files(assignment))
        exercises: dict[str, str] = {}
        known = {one.name: one for one in course.exercises(assignment)}
        for name in names:
            exercises |= _exercise_digests(course.source(assignment, name), known)
        limits = {name: digest(_limits(course, name), files) for name in names}
        return cls(kit_digest(course), limits, exercises)

    def run(self, notebook: str, sources: Sequence[str]) -> str:
        """Return what decides how a notebook's code cells run."""
        return digest(self.kit, self.notebooks[notebook], *sources)

    def exercise(self, notebook: str, name: str, sources: Sequence[str]) -> str:
        """Return what decides an exercise's result; `sources` are the code cells up to its grade cell."""
        return digest(self.kit, self.notebooks[notebook], self.exercises.get(name, ""), name, *sources)


def state_of(course: Course, assignment: str) -> str:
    """Return a digest of all files that have to do with an assignment's results, quickly: nothing is parsed.

    Raises:
        CourseError: the course is not built.

    """
    names = course.notebooks(assignment)
    paths = [find(assignment, name) for name in names for find in (course.source, course.release)]
    for exercise in course.exercises(assignment):
        paths += [exercise.check_file, *exercise.wrong]
    try:
        files = digest_of_files(paths, course.root)
    except FileNotFoundError as error:
        raise CourseError(f"{error.filename}: not there; run `autograde build`") from error
    limits = [_limits(course, name) for name in names]
    return digest(kit_digest(course), files, _digest_beside(course.student_files(assignment)), *limits)


def kit_digest(course: Course) -> str:
    """Return a digest of package, libraries, seed and the least isolation that is demanded."""
    settings = course.settings
    return digest(_package(), str(settings.seed), settings.minimum_isolation)


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


def _limits(course: Course, notebook: str) -> str:
    return repr(replace(course.settings.of(notebook), notebooks={}, seed=0))


def _digest_beside(folder: Path) -> str:
    files = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".ipynb")
    return digest_of_files(files, folder)


@cache
def _package() -> str:
    """Return a digest of this package and of the libraries that student code meets."""
    root = Path(autograde.__file__).parent
    modules = (
        path for path in root.rglob("*.py") if path.relative_to(root).parts[0].split(".")[0] not in _FACES
    )
    versions = [f"{name} {importlib.metadata.version(name)}" for name in _LIBRARIES]
    return digest(autograde.__version__, platform.python_version(), *versions, digest_of_files(modules, root))
