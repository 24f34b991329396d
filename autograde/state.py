"""The state of a course's files, told quickly: nothing is parsed, and nothing large is loaded for it."""

from __future__ import annotations

import importlib.metadata
import platform
from dataclasses import replace
from functools import cache
from pathlib import Path

import autograde
from autograde.course import Course
from autograde.errors import CourseError
from autograde.files import digest, digest_of_files

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
    "settled",
    "verify",
)


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
    limits = [limits_digest(course, name) for name in names]
    return digest(kit_digest(course), files, digest_beside(course.student_files(assignment)), *limits)


def kit_digest(course: Course) -> str:
    """Return a digest of package, libraries, seed and the least isolation that is demanded."""
    settings = course.settings
    return digest(_package(), str(settings.seed), settings.minimum_isolation)


def limits_digest(course: Course, notebook: str) -> str:
    """Return what stands for a notebook's limits."""
    return repr(replace(course.settings.of(notebook), notebooks={}, seed=0))


def digest_beside(folder: Path) -> str:
    """Return a digest of the files that lie beside notebooks."""
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
