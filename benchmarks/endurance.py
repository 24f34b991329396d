"""Whether memory stays flat while one worker grades submission after submission."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

import psutil  # type: ignore[import-untyped]

from autograde.classroom.job import Graded, Job, Submitted, Terms
from autograde.classroom.kept import Stamp, Store
from autograde.classroom.worker import close_bench, grade
from autograde.classroom.writing import writer
from autograde.intake import receive
from autograde.notebook import read_notebook
from autograde.state import state_of
from benchmarks.measuring import BenchmarkError
from benchmarks.memory import together, warm_servers
from benchmarks.tasks import Crowd

SHARE = 10  # the first tenth of the submissions is compared with the last


@dataclass(frozen=True)
class Growth:
    """Bytes of a process: medians over the first and over the last tenth of the submissions."""

    first: float
    last: float


@dataclass(frozen=True)
class Endurance:
    """What so many submissions did to the memory of the grading process, and of the server and its forks."""

    submissions: int
    grader: Growth
    server: Growth


def measure_endurance(
    crowd: Crowd, number: int, progress: Callable[[str], None] = lambda doing: None
) -> Endurance:
    """Grade and record the class's submissions in turn, `number` in all, and look at memory after each."""
    course, assignment = crowd.course, crowd.assignment
    terms = Terms(course.root, assignment, state_of(course, assignment), force=True)
    grader, server = [], []
    others = {one.pid for one in warm_servers()}
    try:
        with writer(course, assignment, Store(course, assignment), unrecorded=False) as opened:
            for at in range(number):
                progress(f"Memory over {number} submissions: {at + 1}")
                graded = grade(_job(crowd, terms, crowd.students[at % len(crowd.students)]))
                if not isinstance(graded, Graded):
                    raise BenchmarkError(f"{graded.student}: not graded: {graded.reason}")
                opened.write(graded, Stamp())
                (warm,) = (one for one in warm_servers() if one.pid not in others)
                grader.append(psutil.Process(os.getpid()).memory_info().rss)
                server.append(together(warm.pid))
    finally:
        close_bench()
    return Endurance(number, _growth(grader), _growth(server))


def _job(crowd: Crowd, terms: Terms, student: str) -> Job:
    course, assignment = crowd.course, crowd.assignment
    released = {name: read_notebook(course.release(assignment, name)) for name in crowd.notebooks}
    received = receive(course.submitted(assignment, student), released)
    return Job(terms, student, {name: Submitted.of(one) for name, one in received.items()})


def _growth(sizes: Sequence[int]) -> Growth:
    tenth = max(1, len(sizes) // SHARE)
    return Growth(median(sizes[:tenth]), median(sizes[-tenth:]))
