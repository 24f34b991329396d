"""A recording of all that runs while a submission is graded: cells and probes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from autograde.checks.judging import Judging, ProbeRunner
from autograde.checks.reference import References
from autograde.checks.suite import CheckSuite
from autograde.intake import read_submission, repair
from autograde.model import Outcome
from autograde.notebook import graded_exercise
from autograde.opening import Openings, bounds_of
from autograde.sandbox.answers import Failure, Request, Value
from autograde.sandbox.session import Session
from autograde.sandbox.warm import WarmServer
from benchmarks.measuring import BenchmarkError
from benchmarks.tasks import Task


@dataclass(frozen=True)
class Cell:
    """A code cell that runs."""

    source: str


@dataclass(frozen=True)
class Probe:
    """A probe that runs: of which exercise, what it found, and what it finds at the reference."""

    exercise: str
    request: Request
    inputs: Mapping[str, Any]
    found: Any
    expected: Any


Recording = tuple[Cell | Probe, ...]


def record(task: Task, submission: str, server: WarmServer) -> Recording:
    """Grade a submission once, and return its cells and probes as they ran.

    Raises:
        BenchmarkError: it does not pass every check.

    """
    course, seed = task.course, task.course.settings.seed
    exercises = {one.name: one for one in task.exercises}
    notebook = repair(task.released(), read_submission(task.path(submission))).notebook
    steps: list[Cell | Probe] = []
    with (
        CheckSuite([one.check_file for one in task.exercises]) as suite,
        Openings(server) as openings,
        References(openings) as references,
        session_of(task, server) as session,
    ):
        for cell in notebook.cells:
            if cell.cell_type != "code":
                continue
            session.run_cell(cell.source)
            steps.append(Cell(cell.source))
            if name := graded_exercise(cell):
                reference = references.of(exercises[name].check_file)
                recorder = _Recorder(name, session, reference, steps)
                for result in suite.run(name, Judging(recorder, reference, seed)):
                    if result.outcome is not Outcome.PASSED:
                        raise BenchmarkError(
                            f"{task.path(submission).name} ({submission}): {result.name} of {name} does not "
                            f"pass; run `autograde verify {name}` in {course.root.name}"
                        )
    return tuple(steps)


def session_of(task: Task, server: WarmServer) -> Session:
    """Return a session for the task's notebook, as the grader opens one."""
    course = task.course
    return Session(
        server, bounds_of(course, task.notebook), course.settings.seed, course.student_files(task.assignment)
    )


@dataclass(frozen=True)
class _Recorder:
    """Runs a student's probes, and notes them together with what the reference answers."""

    exercise: str
    student: ProbeRunner
    reference: ProbeRunner
    steps: list[Cell | Probe] = field(repr=False)

    def probe(self, request: Request, inputs: Mapping[str, Any]) -> Value | Failure:
        """Run a probe at the student's."""
        found, expected = self.student.probe(request, inputs), self.reference.probe(request, inputs)
        if isinstance(found, Value) and isinstance(expected, Value):
            self.steps.append(Probe(self.exercise, request, dict(inputs), found.value, expected.value))
        return found
