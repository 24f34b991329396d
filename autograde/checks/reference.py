"""The reference's processes: the solved notebook run up to an exercise's grade cell, to answer probes."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from nbformat import NotebookNode

from autograde.checks.judging import KitFault
from autograde.course import Course, Exercise
from autograde.errors import CourseError, ServerError
from autograde.notebook import graded_exercise, read_notebook
from autograde.opening import Openings, bounds_of
from autograde.sandbox import wire
from autograde.sandbox.answers import Failure, Request, Value
from autograde.sandbox.arrays import array_from
from autograde.sandbox.session import Bounds, Session


class Reference:
    """The reference of one exercise. Each probe is run once for the same inputs; the answer is kept."""

    def __init__(self, course: Course, exercise: Exercise, openings: Openings) -> None:
        self.seed = course.settings.seed
        self._course = course
        self._exercise = exercise
        self._openings = openings
        self._notebook, cells, at = grade_cell_of(course, exercise)
        self._cells = [cell.source for cell in cells_before_grading(cells, at)]
        self._bounds = unhurried(bounds_of(course, self._notebook))
        self._own = Seeded(self, self.seed)
        self._session: Session | None = None
        self._fault = ""
        self._left: list[str] = []

    def probe(self, request: Request, inputs: Mapping[str, Any]) -> Value | Failure:
        """Return the reference's answer.

        Raises:
            KitFault: a cell of the reference notebook fails.

        """
        return self._own.probe(request, inputs)

    def answer(self, request: Request, inputs: Mapping[str, Any], seed: int) -> Value | Failure:
        """Run a probe with any seed.

        Raises:
            KitFault: a cell of the reference notebook fails.

        """
        return self._started().probe(request, inputs, seed)

    def seeded(self, seed: int) -> Seeded:
        """Return this reference with another seed for its probes; its cells were run with the course's."""
        return Seeded(self, seed)

    def _started(self) -> Session:
        if self._session is None:
            self._session = (self._reached() or self._run()).__enter__()
            runs = (self._session.run_cell(cell, images=False) for cell in self._left)
            self._fault = next((run.problem for run in runs if not run.fine), self._fault)
        if self._fault:
            raise KitFault(
                f"the reference notebook fails before {self._exercise.name} is graded: {self._fault}"
            )
        return self._session

    def _reached(self) -> Session | None:
        """Return a session that has all cells behind it, or None if its own process had better run them."""
        of_notebook = self._course, self._exercise.assignment, self._notebook
        try:
            stage = self._openings.reach(*of_notebook, self._cells)
        except ServerError:  # of this server, or of a cell: then the session tells
            return None
        if stage.branch.obstacle:
            return None
        self._fault, self._left = stage.problem, []
        return Session(stage.branch, self._bounds, self.seed, stage.folder)

    def _run(self) -> Session:
        """Return a session that has yet to run what is left of the cells."""
        of_notebook = self._course, self._exercise.assignment, self._notebook
        session, done = self._openings.start(*of_notebook, self._cells, self._bounds)
        self._left = self._cells[len(done) :]
        return session

    def close(self) -> None:
        """End the process, if it was started."""
        if self._session is not None:
            with contextlib.suppress(ServerError):  # a server that is gone has taken it along
                self._session.__exit__(None, None, None)


class Seeded:
    """A reference whose probes draw with a seed, in the process there is; its answers are kept."""

    def __init__(self, reference: Reference, seed: int) -> None:
        self._reference = reference
        self._seed = seed
        self._answers: dict[tuple[Request, bytes], Value | Failure] = {}

    def probe(self, request: Request, inputs: Mapping[str, Any]) -> Value | Failure:
        """Return the reference's answer.

        Raises:
            KitFault: a cell of the reference notebook fails.

        """
        key = (request, wire.encode(dict(inputs), array_from))
        if key not in self._answers:
            self._answers[key] = self._reference.answer(request, inputs, self._seed)
        return self._answers[key]


class References:
    """The references of all exercises of a run, each started when first asked. Use as a context manager."""

    def __init__(self, openings: Openings) -> None:
        self._openings = openings
        self._open: dict[Path, Reference] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for reference in self._open.values():
            reference.close()

    def of(self, check_file: Path) -> Reference:
        """Return the reference of the exercise that a check file belongs to."""
        folder = check_file.parent
        if folder not in self._open:
            course = Course.find(folder)
            exercise = course.exercise(folder.name)
            self._open[folder] = Reference(course, exercise, self._openings)
        return self._open[folder]


def unhurried(bounds: Bounds) -> Bounds:
    """Return bounds for a reference, which serves a whole class: a year of its processor's time."""
    limits = replace(bounds.limits, cpu_seconds=365 * 24 * 3600)
    return replace(bounds, run_seconds=math.inf, limits=limits)


def grade_cell_of(course: Course, exercise: Exercise) -> tuple[str, tuple[NotebookNode, ...], int]:
    """Return the notebook that grades an exercise, its cells when solved, and where the grade cell is.

    Raises:
        CourseError: no built notebook has a grade cell for the exercise.

    """
    for name in course.notebooks(exercise.assignment):
        cells = tuple(read_notebook(course.source(exercise.assignment, name)).cells)
        for at, cell in enumerate(cells):
            if graded_exercise(cell) == exercise.name:
                return name, cells, at
    raise CourseError(f"{exercise.check_file}: no notebook grades {exercise.name}; run `autograde build`")


def cells_before_grading(cells: Sequence[NotebookNode], at: int) -> tuple[NotebookNode, ...]:
    """Return the code cells before the grade cell at a position, but for those that grade: they only test."""
    return tuple(cell for cell in cells[:at] if cell.cell_type == "code" and not graded_exercise(cell))
