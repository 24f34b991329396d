"""What is graded: right answers, handed in as a pair to compare ways of grading, or as a whole class."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from autograde.course import Course, Exercise
from autograde.demo import fill_in, make_course
from autograde.desk import assigned_names
from autograde.errors import CourseError
from autograde.files import write_atomically
from autograde.notebook import Role, dumps, grade_id, graded_exercise, read_notebook, role


@dataclass(frozen=True)
class Task:
    """A notebook of a course, and the names (also students' ids) of its submissions."""

    course: Course
    assignment: str
    notebook: str
    submissions: tuple[str, ...]

    @property
    def exercises(self) -> tuple[Exercise, ...]:
        """The notebook's exercises, in its order."""
        cells = self.released().cells
        return tuple(self.course.exercise(name) for cell in cells if (name := graded_exercise(cell)))

    def released(self) -> NotebookNode:
        """Return the notebook as students get it."""
        return read_notebook(self.course.release(self.assignment, self.notebook))

    def path(self, submission: str) -> Path:
        """The file that was handed in."""
        return self.course.submitted(self.assignment, submission) / f"{self.notebook}.ipynb"

    def reference(self) -> dict[str, str]:
        """Return the texts of the reference's solution and written cells, by name."""
        solved = read_notebook(self.course.source(self.assignment, self.notebook)).cells
        return {grade_id(cell): cell.source for cell in solved if role(cell) in (Role.SOLUTION, Role.WRITTEN)}


def chosen_notebook(course: Course, number: int) -> tuple[str, str]:
    """Return the first assignment, and its notebook of that number, counted from 1.

    Raises:
        CourseError: there is none.

    """
    if not course.assignments():
        raise CourseError(f"{course.root / 'solutions'}: no assignments to measure")
    assignment = course.assignments()[0]
    notebooks = course.notebooks(assignment)
    if not 1 <= number <= len(notebooks):
        raise CourseError(f"{assignment} has no notebook {number}: choose one of 1 to {len(notebooks)}")
    return assignment, notebooks[number - 1]


def hand_in(course: Course, assignment: str, notebook: str) -> Task:
    """Solve a notebook twice, with the reference and with right specimens, and put it into `submitted/`."""
    task = Task(course, assignment, notebook, ("reference", "specimens"))
    reference, released = task.reference(), task.released()
    specimens = {one.name: next(_specimens(one, reference), reference[one.name]) for one in task.exercises}
    for name, answers in zip(task.submissions, (reference, reference | specimens), strict=True):
        write_atomically(task.path(name), dumps(fill_in(released, answers)))
    return task


@dataclass(frozen=True)
class Crowd:
    """A class that has handed in some notebooks of an assignment."""

    course: Course
    assignment: str
    notebooks: tuple[str, ...]
    students: tuple[str, ...]


def hand_in_class(
    course: Course, assignment: str, notebooks: Sequence[str], folder: Path, number: int
) -> Crowd:
    """Make a course of these notebooks alone in `folder`, and let `number` students hand them in.

    Each has right specimens of the exercises, in turn, and a comment that makes the submission one of a kind.
    """
    small = make_course(course, folder)
    for name in set(small.notebooks(assignment)) - set(notebooks):
        for path in (small.text, small.source, small.release):
            path(assignment, name).unlink()
    students = tuple(f"student{at:04}" for at in range(number))
    tasks = [Task(small, assignment, notebook, students) for notebook in notebooks]
    graded = {exercise for task in tasks for exercise in task.exercises}
    for exercise in set(small.exercises(assignment)) - graded:
        shutil.rmtree(exercise.folder)
    for task in tasks:
        _answer(task)
    return Crowd(small, assignment, tuple(notebooks), students)


def _answer(task: Task) -> None:
    reference, released = task.reference(), task.released()
    choices = {one.name: (reference[one.name], *_specimens(one, reference)) for one in task.exercises}
    for at, student in enumerate(task.submissions):
        answers = {name: texts[at % len(texts)] for name, texts in choices.items()}
        signed = {name: f"{text.rstrip()}\n# Written by {student}.\n" for name, text in answers.items()}
        write_atomically(task.path(student), dumps(fill_in(released, reference | signed)))


def _specimens(exercise: Exercise, reference: Mapping[str, str]) -> Iterator[str]:
    """Yield right answers, but for those that answer another cell's question too."""
    others = [assigned_names(text) for name, text in reference.items() if name != exercise.name]
    for path in exercise.right:
        text = path.read_text("utf-8")
        if not any(names & assigned_names(text) for names in others):
            yield text
