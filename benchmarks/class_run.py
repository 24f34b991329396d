"""A class graded by this package: by one worker and by two, again with nothing changed, after an edit."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from autograde.classroom import ClassResult, Options, Tick, grade_class
from autograde.course import Course
from benchmarks.endurance import Endurance, measure_endurance
from benchmarks.measuring import BenchmarkError
from benchmarks.memory import warm_servers
from benchmarks.process import require_success, running
from benchmarks.tasks import Crowd, chosen_notebook, hand_in_class

Progress = Callable[[str], None]


@dataclass(frozen=True)
class ClassRun:
    """Seconds that grading a class took.

    `full` has those of every run by number of workers, `speed_up` compares runs that followed each other.
    `unchanged` is a run in which there is nothing to do, `command` the same as a process of its own.
    `edited` has, by exercise, the run after an edit of its check file as a share of a full run by one worker.
    `servers` is how many warm servers there were at most, by number of workers.
    """

    notebooks: tuple[str, ...]
    submissions: int
    full: dict[int, tuple[float, ...]]
    speed_up: float
    unchanged: float
    command: float
    edited: dict[str, float]
    servers: dict[int, int]
    endurance: Endurance | None

    def per_minute(self, workers: int) -> float:
        """Return how many submissions are graded in a minute, warm-up included."""
        return 60 * self.submissions / median(self.full[workers])


def measure_class(
    course: Course,
    number: int,
    submissions: int,
    rounds: int,
    lasting: int,
    progress: Progress = lambda doing: None,
) -> ClassRun:
    """Grade a class that handed in the notebook of that number (0: all of them); all files are temporary.

    In each of `rounds` rounds all of it is graded by one worker and by two; who began last time goes last.
    Memory is looked at while `lasting` submissions are graded, 0 for not at all.

    Raises:
        AutogradeError: the course is not built, or a right answer does not get full marks.

    """
    assignment, notebook = chosen_notebook(course, number or 1)
    notebooks = (notebook,) if number else course.notebooks(assignment)
    with tempfile.TemporaryDirectory(prefix="autograde-bench-") as folder:
        progress("Making a class")
        crowd = hand_in_class(course, assignment, notebooks, Path(folder) / "course", submissions)
        full: dict[int, list[float]] = {1: [], 2: []}
        servers = {1: 0, 2: 0}
        for workers in (each for at in range(rounds) for each in ((2, 1) if at % 2 else (1, 2))):
            progress(f"{submissions} submissions, {workers} worker{'s' * (workers > 1)}")
            seconds, seen = _full_run(crowd, workers)
            full[workers].append(seconds)
            servers[workers] = max(servers[workers], seen)
        progress("Nothing changed")
        unchanged = median(_again(crowd) for _ in range(rounds))
        command = median(_as_a_process(crowd) for _ in range(rounds))
        progress("Check files edited")
        edited = {name: seconds / median(full[1]) for name, seconds in _edits(crowd)}
        return ClassRun(
            crowd.notebooks,
            submissions,
            {workers: tuple(each) for workers, each in full.items()},
            median(one / two for one, two in zip(full[1], full[2], strict=True)),
            unchanged,
            command,
            edited,
            servers,
            measure_endurance(crowd, lasting, progress) if lasting else None,
        )


def _full_run(crowd: Crowd, workers: int) -> tuple[float, int]:
    """Grade everybody, whatever is known; return the seconds and the most warm servers that there were."""
    seen = [0]

    others = {one.pid for one in warm_servers()}

    def look(tick: Tick) -> None:
        if tick.done % max(1, tick.total // 20) == 0:
            seen.append(len({one.pid for one in warm_servers()} - others))

    seconds, result = _timed(crowd, Options(workers=workers, force=True, progress=look))
    for one in result.results:
        for exercise in one.exercises:
            if exercise.score != exercise.max_score:
                raise BenchmarkError(f"{exercise.exercise}: a right answer of {one.student} loses points")
    _require_graded(result, len(crowd.students))
    return seconds, max(seen)


def _again(crowd: Crowd) -> float:
    seconds, result = _timed(crowd, Options())
    _require_graded(result, 0)
    return seconds


def _as_a_process(crowd: Crowd) -> float:
    started = time.perf_counter()
    with running("autograde", ["grade", crowd.assignment], crowd.course.root, aside=False) as process:
        assert process.stderr is not None
        said = process.stderr.readlines()
    require_success(process, "autograde grade", said)
    return time.perf_counter() - started


def _edits(crowd: Crowd) -> list[tuple[str, float]]:
    """Edit the check file of each exercise, the rest stays; return the seconds that one worker then takes."""
    found = []
    for exercise in crowd.course.exercises(crowd.assignment):
        with exercise.check_file.open("a", encoding="utf-8") as file:
            file.write("# Edited.\n")
        seconds, result = _timed(crowd, Options())
        _require_graded(result, len(crowd.students))
        found.append((exercise.name, seconds))
    return found


def _timed(crowd: Crowd, options: Options) -> tuple[float, ClassResult]:
    started = time.perf_counter()
    result = grade_class(crowd.course, crowd.assignment, options=options)
    seconds = time.perf_counter() - started
    for student, fault in result.faults.items():
        raise BenchmarkError(f"{student}: not graded: {fault.reason}")
    return seconds, result


def _require_graded(result: ClassResult, number: int) -> None:
    if result.graded != number:
        raise BenchmarkError(f"{result.graded} submissions were graded in place of {number}")
