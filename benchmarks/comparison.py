"""The comparison: one notebook, two right submissions, all contenders in one run."""

from __future__ import annotations

import os
import platform
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograde.classroom.kept import Store
from autograde.classroom.writing import writer
from autograde.course import Course
from autograde.demo import make_course
from autograde.errors import CourseError
from autograde.gradebook import register_assignment
from autograde.grading import Grader
from autograde.notebook import read_notebook
from benchmarks.confinement import Confinement, OpenServer, measure_confinement
from benchmarks.conversion import with_hidden_tests
from benchmarks.floor import FLOOR, OPEN_FLOOR, Floor
from benchmarks.kit import Grading, GradingAndRecording
from benchmarks.measuring import Contender, Line, Round, interleave, lines
from benchmarks.memory import Memory, WatchedServer, measure_memory
from benchmarks.recording import Cell, Recording, Task, hand_in, record
from benchmarks.stock import STOCK, Stock

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Machine:
    """Where it was measured; `load` is that of the minute before."""

    cores: int
    load: float
    python: str
    isolation: str
    versions: dict[str, str]


@dataclass(frozen=True)
class Once:
    """Seconds that are spent once in a run, not for each notebook.

    `warm_up` is the time until a grader is ready, `first_notebook` what the first notebook takes longer than
    the second (the reference's own runs), `nbgrader` what of a run of nbgrader belongs to no submission.
    """

    warm_up: float
    first_notebook: float
    nbgrader: float


@dataclass(frozen=True)
class Comparison:
    """All that was measured of a notebook of so many cells and probes."""

    notebook: str
    cells: int
    probes: int
    machine: Machine
    lines: tuple[Line, ...]
    once: Once
    confinement: Confinement
    memory: Memory


def compare(course: Course, rounds: int, progress: Progress = lambda doing: None) -> Comparison:
    """Measure the course's first notebook; all files are temporary.

    Raises:
        AutogradeError: the course is not built, or a contender fails on it.

    """
    if not course.assignments():
        raise CourseError(f"{course.root / 'solutions'}: no assignments to measure")
    assignment = course.assignments()[0]
    notebook = course.notebooks(assignment)[0]
    with tempfile.TemporaryDirectory(prefix="autograde-bench-") as folder:
        task = hand_in(make_course(course, Path(folder) / "course"), assignment, notebook)
        return _compare(task, Path(folder) / "stock", rounds, progress)


def _compare(task: Task, folder: Path, rounds: int, progress: Progress) -> Comparison:
    load = os.getloadavg()[0]
    with WatchedServer() as server, OpenServer() as unconfined:
        progress("Recording what runs")
        recordings = {name: record(task, name, server) for name in task.submissions}
        progress("Making nbgrader's course")
        stock = _stock(task, recordings, folder)
        progress("Warming up")
        started = time.perf_counter()
        with Grader(task.course, task.exercises) as grader:
            isolation = grader.isolation  # known when the server is warm
            warm_up = time.perf_counter() - started
            kit = Grading(task, grader)
            first = kit.run()[0].seconds - kit.run()[0].seconds
            floors = (
                Floor(task, recordings, server),
                Floor(task, recordings, unconfined, OPEN_FLOOR),
            )
            measured = _measure(kit, floors, stock, rounds, progress)
            machine = Machine(
                os.cpu_count() or 1, load, platform.python_version(), isolation, grader.versions
            )
        confinement = measure_confinement(task, server, unconfined)
        memory = measure_memory(task, recordings, server)
    once = Once(warm_up, first, stock.fixed_seconds)
    return _summary(task, recordings, machine, measured, once, confinement, memory)


def _stock(task: Task, recordings: Mapping[str, Recording], folder: Path) -> Stock:
    source = read_notebook(task.course.source(task.assignment, task.notebook))
    seed = task.course.settings.seed
    return Stock(folder, task, with_hidden_tests(source, tuple(recordings.values()), seed))


def _measure(
    kit: Grading, floors: Sequence[Floor], stock: Stock, rounds: int, progress: Progress
) -> tuple[Round, ...]:
    course, assignment = kit.task.course, kit.task.assignment
    register_assignment(course, assignment)
    with writer(course, assignment, Store(course, assignment), unrecorded=False) as opened:
        recorded = GradingAndRecording(kit.task, kit.grader, opened)
        fast: list[Contender] = [*floors, recorded]
        for contender in fast:  # nobody's first run counts
            contender.run()
        return interleave([*floors, kit, recorded, stock], rounds, progress)


def _summary(
    task: Task,
    recordings: Mapping[str, Recording],
    machine: Machine,
    measured: tuple[Round, ...],
    once: Once,
    confinement: Confinement,
    memory: Memory,
) -> Comparison:
    steps = recordings[task.submissions[0]]
    cells = sum(isinstance(step, Cell) for step in steps)
    return Comparison(
        f"{task.assignment}/{task.notebook}",
        cells,
        len(steps) - cells,
        machine,
        lines(measured, FLOOR, STOCK),
        once,
        confinement,
        memory,
    )
