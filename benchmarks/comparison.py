"""The comparison: one notebook, two right submissions, all contenders in one run."""

from __future__ import annotations

import os
import platform
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from autograde.course import Course
from autograde.demo import make_course
from autograde.errors import CourseError
from autograde.gradebook import register_assignment
from autograde.grading import Grader
from autograde.notebook import read_notebook
from benchmarks.conversion import with_hidden_tests
from benchmarks.floor import FLOOR, Floor
from benchmarks.kit import Grading, GradingAndRecording
from benchmarks.measuring import Line, interleave, lines
from benchmarks.memory import Memory, WatchedServer, measure_memory
from benchmarks.recording import Cell, Probe, Task, hand_in, record
from benchmarks.stock import STOCK, Stock

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Machine:
    """Where it was measured."""

    cores: int
    load: float  # of the last minute, when the measuring began
    python: str
    isolation: str
    versions: dict[str, str]


@dataclass(frozen=True)
class Once:
    """Seconds that are spent once, not for each notebook."""

    warm_up: float  # from nothing to a grader that is ready
    first_notebook: float  # what the first notebook took longer: the reference's own runs
    nbgrader: float  # of one run of `nbgrader autograde`, what belongs to no submission


@dataclass(frozen=True)
class Comparison:
    """All that was measured."""

    notebook: str
    cells: int
    probes: int
    machine: Machine
    lines: tuple[Line, ...]
    once: Once
    memory: Memory


def compare(course: Course, rounds: int, progress: Progress = lambda doing: None) -> Comparison:
    """Measure the course's first notebook; all files are temporary.

    Raises:
        AutogradeError: the course is not built, or a contender fails on it.

    """
    if not course.assignments():
        raise CourseError(f"{course.root / 'solutions'}: no assignments to measure")
    assignment = course.assignments()[0]
    with tempfile.TemporaryDirectory(prefix="autograde-bench-") as folder:
        task = hand_in(
            make_course(course, Path(folder) / "course"), assignment, course.notebooks(assignment)[0]
        )
        return _compare(task, Path(folder) / "stock", rounds, progress)


def _compare(task: Task, folder: Path, rounds: int, progress: Progress) -> Comparison:
    with WatchedServer() as server:
        progress("Recording what runs")
        recordings = {submission: record(task, submission, server) for submission in task.submissions}
        source = read_notebook(task.course.source(task.assignment, task.notebook))
        hidden = with_hidden_tests(source, list(recordings.values()), task.course.settings.seed)
        progress("Making nbgrader's course")
        stock = Stock(folder, task, hidden)
        progress("Warming up")
        register_assignment(task.course, task.assignment)
        load = os.getloadavg()[0]
        started = time.perf_counter()
        with Grader(task.course, task.exercises) as grader:
            isolation = grader.isolation  # known when the server is warm
            warm_up = time.perf_counter() - started
            floor = Floor(task, recordings, server)
            kit = Grading(task, grader), GradingAndRecording(task, grader)
            first = kit[0].run()[0].seconds - kit[0].run()[0].seconds
            floor.run(), kit[1].run()
            measured = interleave([floor, *kit, stock], rounds, progress)
            machine = Machine(
                os.cpu_count() or 1, load, platform.python_version(), isolation, grader.versions
            )
        memory = measure_memory(task, recordings, server)
    steps = recordings[task.submissions[0]]
    return Comparison(
        f"{task.assignment}/{task.notebook}",
        sum(isinstance(step, Cell) for step in steps),
        sum(isinstance(step, Probe) for step in steps),
        machine,
        lines(measured, FLOOR, STOCK),
        Once(warm_up, first, stock.fixed_seconds),
        memory,
    )
