"""A whole submission, all notebooks of an assignment, graded by this package with and without sharing."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from autograde.course import Course
from autograde.demo import make_course
from autograde.grading import Grader
from benchmarks.kit import SHARED, UNSHARED, Grading
from benchmarks.memory import tree
from benchmarks.tasks import Task, chosen_notebook, hand_in


@dataclass(frozen=True)
class Cost:
    """Seconds: in all, what the student's process says its cells and probes took, and of processors.

    Of a shared run `own` is 0: its first cells ran before.
    """

    seconds: float
    own: float
    processor: float

    def __add__(self, other: Cost) -> Cost:
        return Cost(self.seconds + other.seconds, self.own + other.own, self.processor + other.processor)


@dataclass(frozen=True)
class Whole:
    """What each notebook of a submission costs, by way and notebook."""

    assignment: str
    costs: Mapping[str, Mapping[str, Cost]]

    def total(self, way: str) -> Cost:
        """Return what the whole submission costs."""
        return sum(self.costs[way].values(), Cost(0, 0, 0))


def measure_whole(course: Course, progress: Callable[[str], None] = lambda doing: None) -> Whole:
    """Grade right specimens of every notebook, twice in each way in turn; the second time counts."""
    assignment, _ = chosen_notebook(course, 1)
    with tempfile.TemporaryDirectory(prefix="autograde-bench-") as folder, ExitStack() as stack:
        copy = make_course(course, Path(folder) / "course")
        tasks = [hand_in(copy, assignment, notebook) for notebook in copy.notebooks(assignment)]
        progress("Warming up")
        graders = {
            UNSHARED: stack.enter_context(Grader(copy, shared=False)),
            SHARED: stack.enter_context(Grader(copy)),
        }
        costs: dict[str, dict[str, Cost]] = {way: {} for way in graders}
        for task in tasks:
            for _ in range(2):
                for way, grader in graders.items():
                    progress(f"{task.notebook}, {way}")
                    costs[way][task.notebook] = _cost(Grading(task, grader, way, way == SHARED), task)
    return Whole(assignment, costs)


def _cost(grading: Grading, task: Task) -> Cost:
    before = _processor_seconds()
    started = time.perf_counter()
    sample = grading.sample(task.submissions[-1])
    seconds = time.perf_counter() - started
    return Cost(seconds, sample.own_seconds or 0.0, _processor_seconds() - before)


def _processor_seconds() -> float:
    """Return the seconds of processors that this process and all that it started have had."""
    return sum(sum(process.cpu_times()[:4]) for process in tree(os.getpid()))
