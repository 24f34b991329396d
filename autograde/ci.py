"""One folder of notebooks, graded against a course that lies elsewhere: no gradebook, nothing written there.

The folder is a student's, down to its last link: what is read from it is a plain file that lies in it and is
no part of the course. The course is never looked for in it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from nbformat import NotebookNode

from autograde.classroom import grade_file, ungraded
from autograde.course import Course, Exercise
from autograde.diagnosis import Diagnoses
from autograde.errors import CourseError, ServerError
from autograde.grading import Grader
from autograde.model import SubmissionResult
from autograde.notebook import graded_exercise, points, read_notebook
from autograde.runs import GradedNotebook


@dataclass(frozen=True)
class Folder:
    """A submission: which assignment it is for, whose it is, and where its notebooks would lie."""

    course: Course
    assignment: str
    student: str
    root: Path
    files: Mapping[str, Path]
    released: Mapping[str, NotebookNode]

    @property
    def paths(self) -> dict[str, str]:
        """The notebooks' paths in the student's repository, or in the folder if it is in none."""
        above = (folder for folder in (self.root, *self.root.parents) if (folder / ".git").exists())
        top = next(above, self.root)
        return {name: path.relative_to(top).as_posix() for name, path in self.files.items()}

    @property
    def possible(self) -> float:
        """Automatic points to be had."""
        return sum(points(cell) for _, cell in self._grade_cells())

    def exercises(self) -> tuple[Exercise, ...]:
        """Return the exercises of its notebooks."""
        graded = {name for name, _ in self._grade_cells()}
        return tuple(one for one in self.course.exercises(self.assignment) if one.name in graded)

    def _grade_cells(self) -> Iterator[tuple[str, NotebookNode]]:
        for notebook in self.released.values():
            for cell in notebook.cells:
                if name := graded_exercise(cell):
                    yield name, cell


def open_folder(
    course: Course,
    folder: Path,
    *,
    assignment: str = "",
    notebooks: Sequence[str] = (),
    student: str = "",
) -> Folder:
    """Find the notebooks of an assignment in a folder, or in its subfolder of the assignment's name.

    `assignment` may be left out if the course has only one, `notebooks` if all are to be graded, and
    `student` if the folder's name will do.

    Raises:
        CourseError: there is no such folder, assignment or notebook; or course and folder overlap, so that
            the student could change the one or hand in the other.

    """
    root = _plain_folder(folder)
    _keep_apart(course, root)
    assignment = assignment or _only_assignment(course)
    known = course.notebooks(assignment)
    unknown = sorted(set(notebooks) - set(known))
    if unknown:
        raise CourseError(f"no notebook {unknown[0]!r} in {assignment}; there are {', '.join(known)}")
    chosen = [name for name in known if name in notebooks or not notebooks]
    return Folder(
        course,
        assignment,
        student or root.name.encode("utf-8", "replace").decode(),  # the name may be any bytes
        root,
        {name: _file(root, assignment, name) for name in chosen},
        {name: read_notebook(course.release(assignment, name)) for name in chosen},
    )


def grade_folder(folder: Folder, *, practice: bool = False, diagnose: bool = False) -> SubmissionResult:
    """Grade a folder's notebooks. Of those that are missing or cannot be read the result says so.

    Known mistakes are recognised by what the course remembers of them; with `diagnose` also what it does not
    remember is found out, which takes much longer than to grade the submission.

    Raises:
        CourseError: the course cannot be used.
        IsolationError: students' processes cannot be confined as the course demands.
        ServerError: the kit failed, twice.

    """
    with _no_bytecode():
        try:
            return _grade(folder, practice=practice, diagnose=diagnose)
        except ServerError:  # lost to the machine or to an attack: the submission gets another chance
            return _grade(folder, practice=practice, diagnose=diagnose)


def _grade(folder: Folder, *, practice: bool, diagnose: bool) -> SubmissionResult:
    diagnoses = partial(Diagnoses, keep=False, observe=diagnose)
    with Grader(folder.course, folder.exercises(), practice=practice, diagnoses=diagnoses) as grader:
        grader.prove()
        graded = [_grade_notebook(grader, folder, name) for name in folder.files]
        return SubmissionResult(
            folder.assignment,
            folder.student,
            tuple(one.result for one in graded),
            grader.isolation,
            folder.course.settings.seed,
            grader.versions,
        )


def _grade_notebook(grader: Grader, folder: Folder, name: str) -> GradedNotebook:
    path, released = folder.files[name], folder.released[name]
    if not path.exists():
        problem = f"{name}.ipynb is not there: hand it in under this name"
        return ungraded(grader, folder.assignment, name, released, problem)
    return grade_file(grader, folder.assignment, path, released)


def _plain_folder(folder: Path) -> Path:
    if folder.is_symlink():
        raise CourseError(f"{folder}: a link, which could lead anywhere; give the folder itself")
    if not folder.is_dir():
        raise CourseError(f"{folder}: no such folder; give the folder that holds a student's notebooks")
    return folder.resolve()


def _keep_apart(course: Course, folder: Path) -> None:
    root = course.root.resolve()
    if root.is_relative_to(folder):
        raise CourseError(
            f"{root}: the course lies in the submission {folder}, whose student could change it; "
            "put the two side by side"
        )
    if folder.is_relative_to(root) and not folder.is_relative_to(root / "submitted"):
        raise CourseError(
            f"{folder}: this lies in the course {root}, but not in its submitted/; give a student's folder, "
            "and with --course the course that is to judge it"
        )


def _only_assignment(course: Course) -> str:
    found = course.assignments()
    if len(found) == 1:
        return found[0]
    if not found:
        raise CourseError(f"{course.root / 'solutions'}: no assignments")
    raise CourseError(f"{course.root}: say which assignment it is: --assignment {' or '.join(found)}")


def _file(root: Path, assignment: str, name: str) -> Path:
    """Return where a notebook lies, or would: a folder that is a link is none of the submission's."""
    below = root / assignment
    inside = below / f"{name}.ipynb"
    return (
        inside if not below.is_symlink() and (inside.exists() or inside.is_symlink()) else root / inside.name
    )


@contextmanager
def _no_bytecode() -> Iterator[None]:
    """Leave no compiled files beside the checks, which this process imports."""
    before = sys.dont_write_bytecode
    sys.dont_write_bytecode = True
    try:
        yield
    finally:
        sys.dont_write_bytecode = before
