"""One notebook, two right submissions, all ways of grading them in one run."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from autograde.classroom.kept import Store
from autograde.classroom.writing import Writer, writer
from autograde.course import Course
from autograde.demo import make_course
from autograde.gradebook import register_assignment
from autograde.grading import Grader
from autograde.notebook import read_notebook
from benchmarks.confinement import Confinement, OpenServer, measure_confinement
from benchmarks.conversion import otter_tests, with_hidden_tests
from benchmarks.floor import FLOOR, Floor
from benchmarks.kit import RECORDED, SHARED, UNSHARED, Grading
from benchmarks.measuring import Contender, Line, Round, interleave, lines
from benchmarks.memory import Watch, WatchedServer, students_memory
from benchmarks.otter import OTTER, Otter, installed
from benchmarks.process import require_success, running
from benchmarks.recording import Cell, Recording, record
from benchmarks.stock import STOCK, Stock
from benchmarks.tasks import Task, chosen_notebook, hand_in

Progress = Callable[[str], None]


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
class Memory:
    """Bytes: of all processes of a way together at their peak, and of each student's for itself at most."""

    ways: Mapping[str, int | None]
    students: Mapping[str, int | None]


@dataclass(frozen=True)
class Comparison:
    """All that was measured of a notebook of so many cells and probes."""

    notebook: str
    cells: int
    probes: int
    isolation: str
    lines: tuple[Line, ...]
    once: Once
    confinement: Confinement
    memory: Memory


@dataclass(frozen=True)
class Others:
    """The other graders; otter only where it is installed."""

    stock: Stock
    otter: Otter | None

    def __iter__(self) -> Iterator[Contender]:
        yield self.stock
        if self.otter is not None:
            yield self.otter


def compare(course: Course, number: int, rounds: int, progress: Progress = lambda doing: None) -> Comparison:
    """Measure the course's notebook of that number; all files are temporary.

    Raises:
        AutogradeError: the course is not built, or a contender fails on it.

    """
    assignment, notebook = chosen_notebook(course, number)
    with tempfile.TemporaryDirectory(prefix="autograde-bench-") as folder:
        task = hand_in(make_course(course, Path(folder) / "course"), assignment, notebook)
        with WatchedServer() as server:
            progress("Recording what runs")
            recordings = {name: record(task, name, server) for name in task.submissions}
            progress("Making the other graders' assignments")
            others = _others(task, tuple(recordings.values()), Path(folder))
            progress("Warming up")
            with _contenders(task) as (kit, once):
                measured = _measured([Floor(task, recordings, server), *kit, *others], rounds, progress)
            progress("Looking at confinement and memory")
            with OpenServer() as unconfined:
                confinement = measure_confinement(task, server, unconfined)
            students = students_memory(task, recordings, server)
            with Watch(server.pid) as floor:
                Floor(task, recordings, server).run()
        # No other server may be there now: processes of both would share the memory of their libraries.
        memory = Memory({FLOOR: floor.peak} | _peaks(task, others), students)
        steps = recordings[task.submissions[0]]
        cells = sum(isinstance(step, Cell) for step in steps)
        return Comparison(
            f"{task.assignment}/{task.notebook}",
            cells,
            len(steps) - cells,
            server.isolation,
            lines(measured, FLOOR, [STOCK] if others.otter is None else [STOCK, OTTER]),
            Once(*once, others.stock.fixed_seconds),
            confinement,
            memory,
        )


def _measured(contenders: Sequence[Contender], rounds: int, progress: Progress) -> tuple[Round, ...]:
    for contender in contenders:
        if not contender.slow:  # nobody's first run counts
            contender.run()
    return interleave(contenders, rounds, progress)


def _others(task: Task, recordings: Sequence[Recording], folder: Path) -> Others:
    source = read_notebook(task.course.source(task.assignment, task.notebook))
    seed = task.course.settings.seed
    stock = Stock(folder / "stock", task, with_hidden_tests(source, recordings, seed))
    return Others(
        stock, Otter(folder / "otter", task, otter_tests(recordings, seed)) if installed() else None
    )


@contextmanager
def _contenders(task: Task) -> Iterator[tuple[list[Contender], tuple[float, float]]]:
    """Yield this package's ways, and the seconds that its warm-up and the first notebook took."""
    started = time.perf_counter()
    with Grader(task.course, task.exercises, shared=False) as unshared:
        unshared.prove()
        warm_up = time.perf_counter() - started
        first = Grading(task, unshared, UNSHARED)
        first_notebook = first.run()[0].seconds - first.run()[0].seconds
        with Grader(task.course, task.exercises) as shared, _writer(task) as opened:
            graders = {UNSHARED: unshared, SHARED: shared}
            yield (
                [
                    Grading(
                        task,
                        grader,
                        way if written is None else RECORDED.format(way=way),
                        way == SHARED,
                        written,
                    )
                    for way, grader in graders.items()
                    for written in (None, opened)
                ],
                (warm_up, first_notebook),
            )


@contextmanager
def _writer(task: Task) -> Iterator[Writer]:
    register_assignment(task.course, task.assignment)
    store = Store(task.course, task.assignment)
    with writer(task.course, task.assignment, store, unrecorded=False) as opened:
        yield opened


def _peaks(task: Task, others: Others) -> dict[str, int | None]:
    """Return what each grader takes at its peak, in a run of its own that is not measured otherwise."""
    arguments = ["grade", task.assignment, "--force", "--workers", "1", "--student", task.submissions[0]]
    with running("autograde", arguments, task.course.root, aside=False) as process, Watch(process.pid) as kit:
        assert process.stderr is not None
        said = process.stderr.readlines()
    require_success(process, "autograde grade", said)
    peaks = {SHARED: kit.peak, STOCK: others.stock.memory()}
    return peaks if others.otter is None else peaks | {OTTER: others.otter.memory()}
