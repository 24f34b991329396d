"""One notebook, or one answer, to results: cells and probes run in the student's process, judgement here."""

from __future__ import annotations

import ast
import copy
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from nbformat import NotebookNode
from nbformat.notebooknode import from_dict

from autograde.checks.judging import Judging
from autograde.checks.reference import References, bounds_of, cells_before_grading, grade_cell_of
from autograde.checks.suite import CheckSuite
from autograde.course import Course, Exercise
from autograde.diagnosis import Diagnoses
from autograde.errors import CourseError
from autograde.intake import Repaired
from autograde.model import CheckInfo, ExerciseResult, NotebookResult, exercise_score
from autograde.notebook import Role, grade_id, graded_exercise, points, role
from autograde.sandbox.canary import require_isolation
from autograde.sandbox.folder import copy_files
from autograde.sandbox.session import Bounds, CellRun, Session
from autograde.sandbox.warm import Branch, WarmServer

# A cell that seeds what an answer's own cells draw from, and binds no name.
_SEED = """__import__("random").seed({seed})
__import__("numpy").random.seed({seed})
__import__("torch").manual_seed({seed});
"""


@dataclass(frozen=True)
class GradedNotebook:
    """A graded notebook: the results, and the cells with the outputs of the run.

    `own_seconds` is what the student's process says its cells and probes took.
    """

    result: NotebookResult
    notebook: NotebookNode
    own_seconds: float


@dataclass(frozen=True)
class _Desk:
    """Where answers to one exercise are tried: a server at its solution cell, and the cells that follow."""

    branch: Branch
    bounds: Bounds
    following: tuple[NotebookNode, ...]
    points: float

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


class Grader:
    """All that grading a course needs, opened once: warm server, collected checks, reference processes.

    Use as a context manager. `exercises` narrows it to a few; the default is all of the course. With
    `practice` it grades even where students' processes cannot be confined as the course demands.
    """

    def __init__(
        self, course: Course, exercises: Sequence[Exercise] | None = None, *, practice: bool = False
    ) -> None:
        self.course = course
        self.practice = practice
        self._proven = practice
        self._exercises = tuple(course.all_exercises()) if exercises is None else tuple(exercises)
        if not self._exercises:
            raise CourseError(f"{course.root / 'tests/exercises'}: no exercises to grade")

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            server = WarmServer(practice=self.practice)
            self._server = stack.enter_context(server)  # warms up while the checks are collected
            self._suite = stack.enter_context(
                CheckSuite([exercise.check_file for exercise in self._exercises])
            )
            self._references = stack.enter_context(References(self._server))
            self._closing = stack.pop_all()
        self._desks: dict[str, _Desk] = {}
        self._diagnoses = Diagnoses(self.course, partial(self.grade_answer, diagnose=False))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.__exit__(kind, error, trace)

    def prove(self) -> None:
        """See once that the students' processes are confined as the course demands.

        Raises:
            IsolationError: they are not; nothing may be graded then.
            ServerError: the server could not start.

        """
        if not self._proven:
            demanded = self.course.settings.minimum_isolation
            require_isolation(self._server, demanded, self.course.private_paths())
            self._proven = True

    @property
    def isolation(self) -> str:
        """The level of confinement of the students' processes."""
        self._server.wait()
        return self._server.isolation

    @property
    def versions(self) -> dict[str, str]:
        """The versions of the packages that student code meets."""
        self._server.wait()
        return self._server.versions

    def infos(self, exercise: str) -> tuple[CheckInfo, ...]:
        """Return what the authors declared about an exercise's checks."""
        return self._suite.infos(exercise)

    def grade_notebook(self, assignment: str, notebook: str, repaired: Repaired) -> GradedNotebook:
        """Run a repaired submission of a notebook and judge its exercises.

        Raises:
            ServerError: the kit failed; the submission has no result.

        """
        started = time.perf_counter()
        graded = copy.deepcopy(repaired.notebook)
        exercises: list[ExerciseResult] = []
        remarks: list[str] = []
        with self._session(assignment, notebook) as session:
            for position, cell in enumerate(graded.cells, start=1):
                if cell.cell_type != "code":
                    continue
                run = session.run_cell(cell.source)
                _fill(cell, run)
                if run.loss:
                    remarks.append(f"Cell {position} was left out of the rest of the run: {run.loss}")
                if name := graded_exercise(cell):
                    mine = (one for one in self._exercises if one.name == name)
                    exercise = next(mine, None) or self.course.exercise(name)
                    exercises.append(self._judge(exercise, session, points(cell)))
            own_seconds = session.own_seconds
        seconds = time.perf_counter() - started
        result = NotebookResult(notebook, tuple(exercises), repaired.repairs, tuple(remarks), seconds=seconds)
        return GradedNotebook(result, graded, own_seconds)

    def grade_answer(self, exercise: Exercise, text: str, *, diagnose: bool = True) -> ExerciseResult:
        """Judge the text of a solution cell; the rest of the notebook is the reference's.

        Raises:
            ServerError: the kit failed; the answer has no result.

        """
        desk = self._desk(exercise)
        settings, files = self.course.settings, self.course.student_files(exercise.assignment)
        with Session(desk.branch, desk.bounds, settings.seed, files) as session:
            for source in desk.cells_with(text):
                session.run_cell(source)
            return self._judge(exercise, session, desk.points, diagnose=diagnose)

    def try_seed(self, exercise: Exercise, texts: Mapping[str, str], seed: int) -> dict[str, ExerciseResult]:
        """Judge answers by name as `grade_answer` does, but with another seed than the course's.

        The cells before the exercise are not run again: the answer's cells, probes and checks draw anew.

        Raises:
            ServerError: the kit failed; there are no results.

        """
        desk, results = self._desk(exercise), {}
        reference = self._references.of(exercise.check_file).seeded(seed)
        files = self.course.student_files(exercise.assignment)
        for name, text in texts.items():
            with Session(desk.branch, desk.bounds, seed, files) as session:
                for source in (_SEED.format(seed=seed), *desk.cells_with(text)):
                    session.run_cell(source)
                checks = self._suite.run(exercise.name, Judging(session, reference, seed))
            results[name] = ExerciseResult(
                exercise.name, exercise_score(checks, desk.points), desk.points, checks
            )
        return results

    def _desk(self, exercise: Exercise) -> _Desk:
        if exercise.name not in self._desks:
            self._desks[exercise.name] = self._prepare(exercise)
        return self._desks[exercise.name]

    def _prepare(self, exercise: Exercise) -> _Desk:
        """Run the reference's cells before an exercise once, for all answers to it."""
        self.prove()
        notebook, whole, grade_cell = grade_cell_of(self.course, exercise)
        cells = cells_before_grading(whole, grade_cell)
        at = next((at for at, cell in enumerate(cells) if grade_id(cell) == exercise.name), len(cells))
        folder = Path(self._closing.enter_context(tempfile.TemporaryDirectory(prefix="autograde-desk-")))
        copy_files(self.course.student_files(exercise.assignment), folder)
        branch = self._server.branch([cell.source for cell in cells[:at]], folder, self.course.settings.seed)
        self._closing.callback(branch.close)
        return _Desk(branch, bounds_of(self.course, notebook), cells[at + 1 :], points(whole[grade_cell]))

    def _judge(
        self, exercise: Exercise, session: Session, max_score: float, *, diagnose: bool = True
    ) -> ExerciseResult:
        judging = Judging(session, self._references.of(exercise.check_file), self.course.settings.seed)
        checks = self._suite.run(exercise.name, judging)
        result = ExerciseResult(exercise.name, exercise_score(checks, max_score), max_score, checks)
        return self._diagnoses.explain(exercise, result) if diagnose else result

    def _session(self, assignment: str, notebook: str) -> Session:
        self.prove()
        settings, files = self.course.settings, self.course.student_files(assignment)
        return Session(self._server, bounds_of(self.course, notebook), settings.seed, files)


def _fill(cell: NotebookNode, run: CellRun) -> None:
    told = {
        "output_type": "error",
        "ename": "Stopped",
        "evalue": run.loss,
        "traceback": [f"Stopped: {run.loss}"],
    }
    outputs = (*run.outputs, *([told] if run.loss else []))
    cell.outputs = [from_dict(output) for output in outputs]
    cell.execution_count = run.count


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
