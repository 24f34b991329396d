"""A class: every submission of an assignment from `submitted/` to `autograded/`, results and gradebook."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from autograde import gradebook
from autograde.course import Course
from autograde.errors import CourseError, ServerError, SubmissionError
from autograde.grading import GradedNotebook, Grader
from autograde.intake import read_submission, repair
from autograde.model import CheckResult, ExerciseResult, NotebookResult, Outcome, SubmissionResult
from autograde.notebook import dumps, graded_exercise, points, read_notebook
from autograde.report.feedback import feedback_notebook

Progress = Callable[[str, int, int], None]
"""Hears the student whose turn it is, how many are done, and how many there are."""


@dataclass(frozen=True)
class ClassResult:
    """What grading a class gave: results by student, and why some students have none."""

    results: tuple[SubmissionResult, ...]
    faults: Mapping[str, str]


def grade_class(
    course: Course,
    assignment: str,
    students: Sequence[str] | None = None,
    progress: Progress = lambda student, done, total: None,
    *,
    practice: bool = False,
) -> ClassResult:
    """Grade the submissions of some students (default: of all who submitted) and record them.

    With `practice`, student code is run even where it cannot be confined, and the gradebook is left alone.

    A notebook that cannot be graded costs its own student. If the kit itself fails, or a submission cannot be
    recorded, nothing is kept of that student, and it is reported.

    Raises:
        CourseError: there is nothing to grade, or the course is not built.
        IsolationError: students' processes cannot be confined as the course demands.

    """
    chosen = chosen_students(course, assignment, students)
    released = {
        name: read_notebook(course.release(assignment, name)) for name in course.notebooks(assignment)
    }
    results: list[SubmissionResult] = []
    faults: dict[str, str] = {}
    with _Graders(course, assignment, practice=practice) as graders:
        if not practice:
            gradebook.register_assignment(course, assignment)  # while the server warms up
        graders.current.prove()
        for done, student in enumerate(chosen):
            progress(student, done, len(chosen))
            try:
                graded = graders.retrying(assignment, student, released)
                result = SubmissionResult(
                    assignment,
                    student,
                    tuple(notebook.result for notebook in graded),
                    graders.current.isolation,
                    course.settings.seed,
                    graders.current.versions,
                )
                keep(course, result, graded, in_gradebook=not practice)
                results.append(result)
            except (ServerError, SubmissionError) as error:
                faults[student] = str(error)
    progress("", len(chosen), len(chosen))
    return ClassResult(tuple(results), faults)


def chosen_students(course: Course, assignment: str, students: Sequence[str] | None) -> tuple[str, ...]:
    """Return the students to grade.

    Raises:
        CourseError: nobody submitted, or somebody asked for did not.

    """
    course.notebooks(assignment)  # a wrong name of the assignment is the likelier mistake: told first
    present = course.students(assignment)
    if not present:
        raise CourseError(f"{course.submitted(assignment, '<student>')}: no submissions; collect them first")
    absent = sorted(set(students or ()) - set(present))
    if absent:
        raise CourseError(f"{course.submitted(assignment, absent[0])}: no submission of {absent[0]}")
    return present if students is None else tuple(sorted(set(students)))


class _Graders:
    """A grader, opened anew when the warm server was lost."""

    def __init__(self, course: Course, assignment: str, *, practice: bool) -> None:
        self._course, self._assignment, self._practice = course, assignment, practice
        self._stack = ExitStack()

    def __enter__(self) -> _Graders:
        self._open()
        return self

    def __exit__(self, *failure: object) -> None:
        self._stack.close()

    def _open(self) -> None:
        self._stack.close()
        exercises = self._course.exercises(self._assignment)
        self.current = self._stack.enter_context(Grader(self._course, exercises, practice=self._practice))

    def retrying(
        self, assignment: str, student: str, released: Mapping[str, NotebookNode]
    ) -> list[GradedNotebook]:
        """Grade a submission; if the server is lost on the way, once more with a new one.

        Raises:
            ServerError: it was lost again.

        """
        try:
            return _grade(self.current, assignment, student, released)
        except ServerError:
            self._open()
        try:
            return _grade(self.current, assignment, student, released)
        except ServerError:
            self._open()
            raise


def _grade(
    grader: Grader, assignment: str, student: str, released: Mapping[str, NotebookNode]
) -> list[GradedNotebook]:
    folder = grader.course.submitted(assignment, student)
    return [
        grade_file(grader, assignment, folder / f"{name}.ipynb", notebook)
        for name, notebook in released.items()
    ]


def grade_file(grader: Grader, assignment: str, path: Path, released: NotebookNode) -> GradedNotebook:
    """Grade a student's notebook, wherever it lies; one that cannot be read gets no points, and says why.

    Raises:
        ServerError: the kit failed; the notebook has no result.

    """
    try:
        return grader.grade_notebook(assignment, path.stem, repair(released, read_submission(path)))
    except SubmissionError as error:
        return ungraded(grader, assignment, path.stem, released, str(error))


def ungraded(
    grader: Grader, assignment: str, name: str, released: NotebookNode, problem: str
) -> GradedNotebook:
    """Return the result of a notebook that is missing or cannot be read: no points, and why."""
    exercises = []
    for cell in released.cells:
        if exercise := graded_exercise(cell):
            checks = tuple(
                CheckResult(
                    info.name,
                    info.sentence,
                    info.points,
                    Outcome.FAILED,
                    "Not graded.",
                    "",
                    info.visibility,
                    0.0,
                )
                for info in grader.infos(exercise)
            )
            exercises.append(ExerciseResult(exercise, 0.0, points(cell), checks))
    result = NotebookResult(name, tuple(exercises), problem=problem)
    return GradedNotebook(result, released)


def keep(
    course: Course, result: SubmissionResult, graded: Sequence[GradedNotebook], *, in_gradebook: bool = True
) -> None:
    """Write a submission's grades, graded notebooks and result document; each file is whole or not there.

    Raises:
        SubmissionError: the time of submission is no date; nothing is written.

    """
    folder = course.autograded(result.assignment, result.student)
    notebooks = {one.result.notebook: feedback_notebook(one) for one in graded}
    stamp = timestamp(course.submitted(result.assignment, result.student))
    if in_gradebook:
        gradebook.record(course, result, notebooks, stamp)
    for name, notebook in notebooks.items():
        write_atomically(folder / f"{name}.ipynb", dumps(notebook))
    if stamp:
        write_atomically(folder / "timestamp.txt", stamp)
    write_atomically(course.results(result.assignment, result.student), result.to_json())


def timestamp(folder: Path) -> str | None:
    """Return when the submission was collected, as nbgrader's collector noted it; None if it did not."""
    path = folder / "timestamp.txt"
    if path.is_symlink() or not path.is_file() or path.stat().st_size > 100:
        return None
    return path.read_text("utf-8", "replace").strip() or None


def write_atomically(path: Path, text: str) -> None:
    """Write a file so that it is never seen half written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    temporary.write_text(text, "utf-8")
    temporary.replace(path)


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
