"""A class to look at: made-up students hand in the specimens, and what goes wrong in real classes."""

from __future__ import annotations

import ast
import copy
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from nbformat import NotebookNode

from autograde.build.markers import Markers, Region
from autograde.build.release import nbgrader_config
from autograde.course import MARKER, Course, Exercise
from autograde.desk import assigned_names
from autograde.diagnosis import BEHAVIOURS
from autograde.errors import CourseError
from autograde.files import write_atomically
from autograde.notebook import Role, dumps, grade_id, graded_exercise, read_notebook, role

DEMO_MARKER = ".autograde-demo"
_PARTS = ("solutions", "source", "release", "tests/exercises", BEHAVIOURS)

# Shorter than a real course's, so that nobody has to wait for the student with the endless loop.
_PATIENCE = {"cell_seconds": 10.0, "probe_seconds": 5.0}

Answers = Mapping[str, str]
"""The text of each solution cell, by the cell's name."""


@dataclass(frozen=True)
class Student:
    """A made-up student: which answers, and what befalls the notebook on the way."""

    name: str
    answers: Callable[[_Shelf], Answers]
    mishap: Callable[[NotebookNode], None] = field(default=lambda notebook: None)


@dataclass(frozen=True)
class _Shelf:
    """The answers there are to choose from."""

    exercises: tuple[Exercise, ...]
    reference: Answers

    def right(self, number: int) -> Answers:
        """Right answers to everything, another variant for each number."""
        return self._with({one.name: _pick(one.right, number) for one in self.exercises})

    def mistaken(self, number: int, *where: int) -> Answers:
        """Right answers but for the exercises at the places `where`, which show a typical mistake."""
        wrong = {self.exercises[at % len(self.exercises)].name: at for at in where}
        return self._with(
            {
                one.name: _pick(one.wrong, number + wrong[one.name])
                if one.name in wrong
                else _pick(one.right, number)
                for one in self.exercises
            }
        )

    def _with(self, answers: Answers) -> Answers:
        """Return the reference's answers with these in place of its own, and no choices that these make."""
        made = [assigned_names(text) for text in answers.values()]
        choices = {name: assigned_names(text) for name, text in self.reference.items() if name not in answers}
        chosen = {name for name, bound in choices.items() if any(bound and bound <= names for names in made)}
        return dict(self.reference) | dict(answers) | dict.fromkeys(chosen, CHOSEN_ABOVE)

    def unfinished(self, *where: int) -> Answers:
        """Right answers to the exercises at the places `where` alone; the other stubs stay."""
        chosen = {self.exercises[at % len(self.exercises)].name for at in where}
        return {name: text for name, text in self.reference.items() if name in chosen}

    def with_text(self, at: int, text: str) -> Answers:
        """Right answers, but `text` in the exercise at place `at`, its `{name}` standing for the exercise."""
        name = self.exercises[at % len(self.exercises)].name
        return dict(self.reference) | {name: text.replace("{name}", name)}


CHOSEN_ABOVE = "# See my answer above."


def _pick(paths: tuple[Path, ...], number: int) -> str:
    return without_docstring(paths[number % len(paths)].read_text("utf-8"))


def without_docstring(text: str) -> str:
    """Return an answer without the docstring that says what is wrong with it: no student writes that."""
    tree = ast.parse(text)
    if ast.get_docstring(tree) is None:
        return text
    return "\n".join(text.splitlines()[tree.body[0].end_lineno :]).strip()


def delete_grade_cell(notebook: NotebookNode) -> None:
    """Take out the first grade cell, as happens when a cell too many is cut."""
    at = next(at for at, cell in enumerate(notebook.cells) if graded_exercise(cell))
    del notebook.cells[at]


def duplicate_solution_cell(notebook: NotebookNode) -> None:
    """Copy the last code solution cell, as happens when a student tries something without losing the old."""
    at = max(at for at, cell in enumerate(notebook.cells) if role(cell) is Role.SOLUTION)
    twin = copy.deepcopy(notebook.cells[at])
    twin.id = f"{twin.id}-copy"[-64:]
    notebook.cells.insert(at + 1, twin)


ENDLESS_LOOP = """def {name}(*given):
    total = 0
    while total >= 0:
        total += len(given)
    return total
"""
EXITS = """import os

def {name}(*given):
    os._exit(0)
"""

STUDENTS = (
    Student("ada", lambda shelf: shelf.reference),
    Student("barbara", lambda shelf: shelf.right(1)),
    Student("claude", lambda shelf: shelf.right(2)),
    Student("donald", lambda shelf: shelf.mistaken(0, 0)),
    Student("edsger", lambda shelf: shelf.mistaken(0, 1)),
    Student("frances", lambda shelf: shelf.mistaken(0, 0, 2)),
    Student("grace", lambda shelf: shelf.mistaken(3, 0, 1, 2)),
    Student("hedy", lambda shelf: shelf.mistaken(5, 1, 2)),
    Student("john", lambda shelf: shelf.mistaken(0, 2)),
    Student("katherine", lambda shelf: shelf.unfinished(0)),
    Student("leonhard", lambda shelf: {}),
    Student("margaret", lambda shelf: shelf.right(3), delete_grade_cell),
    Student("niklaus", lambda shelf: shelf.right(4), duplicate_solution_cell),
    Student("rosalind", lambda shelf: shelf.with_text(2, ENDLESS_LOOP)),
    Student("stephen", lambda shelf: shelf.with_text(2, EXITS)),
)


def make_course(course: Course, folder: Path) -> Course:
    """Copy what a course consists of to `folder`, replacing an earlier demo there.

    Raises:
        CourseError: the folder holds something else.

    """
    free = not folder.exists() or (folder.is_dir() and not any(folder.iterdir()))
    if not free and not (folder / DEMO_MARKER).is_file():
        raise CourseError(f"{folder}: there is something else than an earlier demo; choose another --folder")
    shutil.rmtree(folder, ignore_errors=True)
    write_atomically(
        folder / DEMO_MARKER, "Made by `autograde demo`, which replaces this folder each time.\n"
    )
    for part in _PARTS:
        if (course.root / part).is_dir():
            shutil.copytree(course.root / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copyfile(course.root / MARKER, folder / MARKER)
    impatient = {name: min(getattr(course.settings, name), most) for name, most in _PATIENCE.items()}
    write_atomically(folder / "pyproject.toml", replace(course.settings, **impatient).to_toml())
    return Course(folder)


def hand_in(course: Course, assignment: str) -> tuple[str, ...]:
    """Put the made-up students' submissions of an assignment into `submitted/`, and return who they are."""
    for notebook in course.notebooks(assignment):
        released = read_notebook(course.release(assignment, notebook))
        shelf = _shelf(course, assignment, notebook)
        for student in STUDENTS:
            submission = fill_in(released, student.answers(shelf))
            student.mishap(submission)
            write_atomically(
                course.submitted(assignment, student.name) / f"{notebook}.ipynb", dumps(submission)
            )
    return tuple(student.name for student in STUDENTS)


def _shelf(course: Course, assignment: str, notebook: str) -> _Shelf:
    solved = read_notebook(course.source(assignment, notebook)).cells
    ids = [grade_id(cell) for cell in solved]
    here = sorted(
        (one for one in course.exercises(assignment) if one.name in ids), key=lambda one: ids.index(one.name)
    )
    markers = Markers.of(nbgrader_config(course.root / MARKER)).solution
    reference = {
        grade_id(cell): without_markers(cell.source, markers)
        for cell in solved
        if role(cell) in (Role.SOLUTION, Role.WRITTEN)
    }
    return _Shelf(tuple(here), reference)


def without_markers(source: str, markers: Region) -> str:
    """Return a solved cell without the lines that mark its solution."""
    return "\n".join(
        line for line in source.splitlines() if markers.begin not in line and markers.end not in line
    )


def fill_in(released: NotebookNode, answers: Answers) -> NotebookNode:
    """Return the released notebook with answers in its solution and written cells."""
    filled = copy.deepcopy(released)
    for cell in filled.cells:
        if role(cell) in (Role.SOLUTION, Role.WRITTEN):
            cell.source = answers.get(grade_id(cell), cell.source)
    return filled
