"""Where answers to one exercise are tried, one after the other: the rest of the notebook is run once."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from nbformat import NotebookNode

from autograde.checks.reference import cells_before_grading, grade_cell_of
from autograde.course import Course, Exercise
from autograde.errors import CourseError
from autograde.notebook import Role, grade_id, points, role
from autograde.opening import Opening, Openings, bounds_of
from autograde.sandbox.session import Bounds, Session


@dataclass(frozen=True)
class Desk:
    """Where answers to one exercise are tried: a server at its solution cell, and the cells that follow."""

    stage: Opening
    bounds: Bounds
    following: tuple[NotebookNode, ...]
    points: float

    @classmethod
    def of(cls, course: Course, exercise: Exercise, openings: Openings) -> Desk:
        """Run the reference's cells before an exercise once, for all answers to it.

        Raises:
            CourseError: a cell of the reference notebook fails.
            ServerError: the server is gone.

        """
        notebook, whole, grade_cell = grade_cell_of(course, exercise)
        cells = cells_before_grading(whole, grade_cell)
        at = next((at for at, cell in enumerate(cells) if grade_id(cell) == exercise.name), len(cells))
        before = [cell.source for cell in cells[:at]]
        stage = openings.reach(course, exercise.assignment, notebook, before)
        if stage.problem:
            raise CourseError(f"the reference notebook {notebook} fails: {stage.problem}")
        return cls(stage, bounds_of(course, notebook), cells[at + 1 :], points(whole[grade_cell]))

    def session(self, seed: int) -> Session:
        """Return a session for an answer."""
        return Session(self.stage.branch, self.bounds, seed, self.stage.folder)

    def cells_with(self, text: str) -> Iterator[str]:
        """Yield the cells to run for an answer, up to the grade cell.

        A later solution cell of the reference (multiple-choice answers) is left out if the text binds its
        names.
        """
        yield text
        given = assigned_names(text)
        for cell in self.following:
            bound = assigned_names(cell.source) if role(cell) is Role.SOLUTION else frozenset()
            if not bound or not bound <= given:
                yield cell.source


def assigned_names(source: str) -> frozenset[str]:
    """Return the names a cell's top-level assignments bind; none if it is no plain Python."""
    try:
        statements = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()
    targets = [
        target
        for statement in statements
        if isinstance(statement, ast.Assign | ast.AnnAssign)
        for target in (statement.targets if isinstance(statement, ast.Assign) else [statement.target])
    ]
    return frozenset(node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name))
