"""One notebook, or one answer, to results: cells and probes run in the student's process, judgement here."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from types import TracebackType
from typing import Self

from nbformat import NotebookNode
from nbformat.notebooknode import from_dict

from autograde.checks.judging import Judging
from autograde.checks.reference import References
from autograde.checks.suite import CheckSuite
from autograde.course import Course, Exercise
from autograde.desk import Desk
from autograde.diagnosis import Diagnoses, GradeAnswer
from autograde.errors import CourseError
from autograde.intake import Repaired
from autograde.model import CheckInfo, ExerciseResult, NotebookResult, exercise_score
from autograde.notebook import graded_exercise, points
from autograde.opening import Openings, bounds_of
from autograde.runs import NOTHING, CellOutcome, Earlier, GradedNotebook, Run
from autograde.sandbox.canary import require_isolation
from autograde.sandbox.session import Session
from autograde.sandbox.warm import WarmServer

# A cell that seeds what an answer's own cells draw from, and binds no name.
_SEED = """__import__("random").seed({seed})
__import__("numpy").random.seed({seed})
__import__("torch").manual_seed({seed});
"""


class Grader:
    """All that grading a course needs, opened once: warm server, collected checks, reference processes.

    Use as a context manager. `exercises` narrows it to a few, or to none (an assignment may be all written
    answers); the default is all of the course. With `practice` it grades even where students' processes
    cannot be confined as the course demands. With `shared` false every process runs all cells itself, also
    those that come before the first answer. `diagnoses` makes what explains failed exercises.
    """

    def __init__(
        self,
        course: Course,
        exercises: Sequence[Exercise] | None = None,
        *,
        practice: bool = False,
        shared: bool = True,
        diagnoses: Callable[[Course, GradeAnswer], Diagnoses] = Diagnoses,
    ) -> None:
        self.course = course
        self._shared = shared
        self.practice = practice
        self._make_diagnoses = diagnoses
        self._proven = practice
        self._exercises = tuple(course.all_exercises()) if exercises is None else tuple(exercises)
        if exercises is None and not self._exercises:
            raise CourseError(f"{course.root / 'tests/exercises'}: no exercises to grade")

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            server = WarmServer(practice=self.practice)
            self._server = stack.enter_context(server)  # warms up while the checks are collected
            self._suite = stack.enter_context(
                CheckSuite([exercise.check_file for exercise in self._exercises])
            )
            self._openings = stack.enter_context(Openings(self._server, shared=self._shared))
            self._references = stack.enter_context(References(self._openings))
            self._closing = stack.pop_all()
        self._desks: dict[str, Desk] = {}
        grade_answer = partial(self.grade_answer, diagnose=False)
        self._diagnoses = self._make_diagnoses(self.course, grade_answer)
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

    def grade_notebook(
        self, assignment: str, notebook: str, repaired: Repaired, earlier: Earlier = NOTHING
    ) -> GradedNotebook:
        """Run a repaired submission of a notebook and judge its exercises, as far as `earlier` has not.

        Raises:
            ServerError: the kit failed; the submission has no result.

        """
        started = time.perf_counter()
        nb = copy.deepcopy(repaired.notebook)
        ran, judged, own_seconds = self._run(assignment, notebook, code_cells(nb), earlier)
        run = earlier.run or Run(ran, time.perf_counter() - started)
        for (_, cell), outcome in zip(code_cells(nb), run.cells, strict=True):
            cell.outputs = [from_dict(copy.deepcopy(output)) for output in outcome.outputs]
            cell.execution_count = outcome.count
        losses = zip(code_cells(nb), run.cells, strict=True)
        remarks = tuple(_remark(position, one.loss) for (position, _), one in losses if one.loss)
        exercises = tuple(judged[name] for _, cell in code_cells(nb) if (name := graded_exercise(cell)))
        result = NotebookResult(notebook, exercises, repaired.repairs, remarks, seconds=run.seconds)
        return GradedNotebook(result, nb, run, own_seconds)

    def _run(
        self, assignment: str, notebook: str, cells: Sequence[tuple[int, NotebookNode]], earlier: Earlier
    ) -> tuple[tuple[CellOutcome, ...], dict[str, ExerciseResult], float]:
        """Run cells as far as needed and judge what is not judged yet.

        Return how the cells ran, all exercises' results, and the seconds that the process says it took.
        """
        judged = dict(earlier.exercises)
        open_ones = [at for at, (_, cell) in enumerate(cells, start=1) if _to_judge(cell, judged)]
        needed = [cell for _, cell in cells[: max(open_ones, default=0) if earlier.run else len(cells)]]
        if not needed:
            return (), judged, 0.0
        self.prove()
        sources = [cell.source for cell in needed]
        bounds = bounds_of(self.course, notebook)
        session, begun = self._openings.start(self.course, assignment, notebook, sources, bounds)
        outcomes = [CellOutcome.of(run) for run in begun]
        with session:
            for cell in needed[len(begun) :]:
                run = session.run_cell(cell.source, images=earlier.run is None)
                outcomes.append(CellOutcome.of(run))
                if name := _to_judge(cell, judged):
                    judged[name] = self._judge(self._exercise(name), session, points(cell))
            return tuple(outcomes), judged, session.own_seconds

    def _exercise(self, name: str) -> Exercise:
        mine = (one for one in self._exercises if one.name == name)
        return next(mine, None) or self.course.exercise(name)

    def grade_answer(self, exercise: Exercise, text: str, *, diagnose: bool = True) -> ExerciseResult:
        """Judge the text of a solution cell; the rest of the notebook is the reference's.

        Raises:
            ServerError: the kit failed; the answer has no result.

        """
        desk = self._desk(exercise)
        with desk.session(self.course.settings.seed) as session:
            for source in desk.cells_with(text):
                session.run_cell(source, images=False)
            return self._judge(exercise, session, desk.points, diagnose=diagnose)

    def try_seed(self, exercise: Exercise, texts: Mapping[str, str], seed: int) -> dict[str, ExerciseResult]:
        """Judge answers by name as `grade_answer` does, but with another seed than the course's.

        The cells before the exercise are not run again: the answer's cells, probes and checks draw anew.

        Raises:
            ServerError: the kit failed; there are no results.

        """
        desk, results = self._desk(exercise), {}
        reference = self._references.of(exercise.check_file).seeded(seed)
        for name, text in texts.items():
            with desk.session(seed) as session:
                for source in (_SEED.format(seed=seed), *desk.cells_with(text)):
                    session.run_cell(source, images=False)
                checks = self._suite.run(exercise.name, Judging(session, reference, seed))
            results[name] = ExerciseResult(
                exercise.name, exercise_score(checks, desk.points), desk.points, checks
            )
        return results

    def _desk(self, exercise: Exercise) -> Desk:
        if exercise.name not in self._desks:
            self.prove()
            self._desks[exercise.name] = Desk.of(self.course, exercise, self._openings)
        return self._desks[exercise.name]

    def _judge(
        self, exercise: Exercise, session: Session, max_score: float, *, diagnose: bool = True
    ) -> ExerciseResult:
        judging = Judging(session, self._references.of(exercise.check_file), self.course.settings.seed)
        checks = self._suite.run(exercise.name, judging)
        result = ExerciseResult(exercise.name, exercise_score(checks, max_score), max_score, checks)
        return self._diagnoses.explain(exercise, result) if diagnose else result


def code_cells(notebook: NotebookNode) -> list[tuple[int, NotebookNode]]:
    """Return a notebook's code cells, each with its position counted from 1."""
    return [(at, cell) for at, cell in enumerate(notebook.cells, start=1) if cell.cell_type == "code"]


def _to_judge(cell: NotebookNode, judged: Mapping[str, ExerciseResult]) -> str:
    """Return the exercise that a cell grades if it is not judged yet, else ""."""
    name = graded_exercise(cell)
    return "" if name in judged else name


def _remark(position: int, loss: str) -> str:
    return f"Cell {position} was left out of the rest of the run: {loss}"
