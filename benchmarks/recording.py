"""The submissions that are compared, and a recording of all that runs while one is graded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from autograde.checks.judging import Judging, ProbeRunner
from autograde.checks.reference import References
from autograde.checks.suite import CheckSuite
from autograde.course import Course, Exercise
from autograde.demo import fill_in
from autograde.files import write_atomically
from autograde.intake import read_submission, repair
from autograde.model import Outcome
from autograde.notebook import Role, dumps, grade_id, graded_exercise, read_notebook, role
from autograde.opening import Openings, bounds_of
from autograde.sandbox.answers import Failure, Request, Value
from autograde.sandbox.session import Session
from autograde.sandbox.warm import WarmServer
from benchmarks.measuring import BenchmarkError


@dataclass(frozen=True)
class Task:
    """What is graded: a notebook of a course, and the names (also students' ids) of its submissions."""

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


def hand_in(course: Course, assignment: str, notebook: str) -> Task:
    """Solve a notebook twice, with the reference and with right specimens, and put it into `submitted/`."""
    solved = read_notebook(course.source(assignment, notebook)).cells
    reference = {
        grade_id(cell): cell.source for cell in solved if role(cell) in (Role.SOLUTION, Role.WRITTEN)
    }
    task = Task(course, assignment, notebook, ("reference", "specimens"))
    specimens = {one.name: one.right[0].read_text("utf-8") for one in task.exercises if one.right}
    for name, answers in zip(task.submissions, (reference, reference | specimens), strict=True):
        write_atomically(task.path(name), dumps(fill_in(task.released(), answers)))
    return task


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
