"""Submissions go to whichever executor there is; a worker that is lost costs time and nobody's grade."""

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from autograde.build import build
from autograde.classroom.job import Fault, Graded, Job, Terms
from autograde.classroom.pool import grade_all
from autograde.course import Course
from autograde.demo import fill_in
from autograde.errors import CourseError
from autograde.model import SubmissionResult
from autograde.notebook import dumps, read_notebook

TOY_COURSE = Path(__file__).parent / "toy_course"
NUMBERS = "1_numbers"
ADD = "def add_numbers(a, b):\n    return a + b"
SLOW = f"import time\ntime.sleep(2)\n{ADD}"
STUDENTS = ("ann", "bob", "cem", "dot", "eve", "fay")
TERMS = Terms(Path(), "toy", "state")


def job(student: str) -> Job:
    return Job(TERMS, student, {})


def graded(student: str) -> Graded:
    return Graded(SubmissionResult("toy", student, (), "confined", 0, {}), {}, {}, b"")


@dataclass
class Fragile(Executor):
    """An executor whose workers are lost over some students, so many times for each."""

    losses: dict[str, int]
    opened: int = 0
    most: int = 0
    handed_out: list[str] = field(default_factory=list)
    _running: dict[str, Future[Any]] = field(default_factory=dict)
    _broken: bool = False

    def __call__(self) -> "Fragile":
        self.opened += 1
        self._broken = False
        self._running.clear()
        return self

    def submit(self, fn: Callable[..., Any], /, *arguments: Any, **options: Any) -> Future[Any]:
        """Hand out a job; it is done when the next one comes, or when it loses its worker."""
        if self._broken:
            raise BrokenExecutor
        student = arguments[0].student
        self.handed_out.append(student)
        future: Future[Any] = Future()
        self._running[student] = future
        self.most = max(self.most, len([one for one in self._running.values() if not one.done()]))
        if self.losses.get(student, 0) > 0:
            self.losses[student] -= 1
            self._broken = True
            for one in self._running.values():
                if not one.done():
                    one.set_exception(BrokenExecutor())
        else:
            future.set_result(graded(student))
        return future


def outcomes(executor: Fragile, workers: int = 2) -> dict[str, str]:
    """Return what becomes of each student: "graded", or the fault."""
    found = list(grade_all(map(job, STUDENTS), executor, workers))
    named = {one.student if isinstance(one, Fault) else one.result.student: one for one in found}
    assert len(named) == len(found), "nobody is graded twice"
    return {name: one.reason if isinstance(one, Fault) else "graded" for name, one in named.items()}


def test_everybody_is_graded_once() -> None:
    assert outcomes(Fragile({})) == dict.fromkeys(STUDENTS, "graded")


def test_a_worker_that_is_lost_once_costs_nobody_anything() -> None:
    executor = Fragile({"cem": 1})
    assert outcomes(executor) == dict.fromkeys(STUDENTS, "graded")
    assert executor.opened == 2


def test_a_submission_that_loses_its_worker_again_when_it_is_alone_is_a_fault_and_the_rest_goes_on() -> None:
    executor = Fragile({"bob": 9, "eve": 9})
    found = outcomes(executor)
    assert {name: what for name, what in found.items() if what != "graded"} == dict.fromkeys(
        ("bob", "eve"), "the process that graded it was lost, twice; run the command again to try once more"
    )
    assert set(found) == set(STUDENTS)


def test_only_a_few_submissions_are_read_ahead() -> None:
    read: list[str] = []

    def jobs() -> Iterator[Job]:
        for student in STUDENTS:
            read.append(student)
            yield job(student)

    first = next(grade_all(jobs(), Fragile({}), 1))
    assert isinstance(first, Graded)
    assert read == ["ann"]


def test_what_concerns_the_whole_course_ends_the_run() -> None:
    class Refusing(Fragile):
        def submit(self, fn: Callable[..., Any], /, *arguments: Any, **options: Any) -> Future[Any]:
            future: Future[Any] = Future()
            future.set_exception(CourseError("the course is of another version"))
            return future

    with pytest.raises(CourseError, match="another version"):
        list(grade_all(map(job, STUDENTS), Refusing({}), 2))


# Real processes


@pytest.fixture(scope="module", name="course")
def fixture_course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A built course with a class that handed in different answers, some of them slow."""
    course = Course(tmp_path_factory.mktemp("class") / "course")
    shutil.copytree(TOY_COURSE, course.root, ignore=shutil.ignore_patterns("__pycache__"))
    build(course, "toy")
    released = read_notebook(course.release("toy", NUMBERS))
    for number, student in enumerate(STUDENTS):
        answer = SLOW if number % 2 else ADD.replace("+", "-") if number == 2 else ADD
        path = course.submitted("toy", student) / f"{NUMBERS}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(dumps(fill_in(released, {"add_numbers": f"{answer}  # {student}"})), "utf-8")
    return course


@contextlib.contextmanager
def grading(course: Course, *options: str) -> Iterator[subprocess.Popen[str]]:
    """Run `autograde grade`, and end it at the end."""
    command = [sys.executable, "-m", "autograde", "grade", "toy", "--json", *options]
    with subprocess.Popen(command, cwd=course.root, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def documents(course: Course) -> dict[str, str]:
    """Return results and graded notebooks by path, without times."""
    paths = [*(course.root / "results").rglob("*.json"), *(course.root / "autograded").rglob("*.ipynb")]
    texts = {str(path.relative_to(course.root)): path.read_text("utf-8") for path in sorted(paths)}
    return {name: re.sub(r'"seconds": [\d.e-]+', "", text) for name, text in texts.items()}


def descendants(pid: int) -> set[int]:
    """Return the numbers of a process's children, their children, and so on."""
    found: set[int] = set()
    with contextlib.suppress(OSError):  # it ended just now
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text("ascii").split():
                found |= {int(child)} | descendants(int(child))
    return found


def command_of(pid: int) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text("utf-8", "replace").replace("\0", " ")
    return ""


def await_that(is_so: Callable[[], object], what: str, seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, what
        time.sleep(0.02)


@pytest.mark.skipif(sys.platform != "linux", reason="looks at processes in /proc")
def test_two_workers_one_of_them_killed_then_all_killed_give_what_one_gives(course: Course) -> None:
    alone = Course(course.root.with_name("alone"))
    shutil.copytree(course.root, alone.root)
    with grading(alone, "--workers", "1") as process:
        expected = json.loads(process.communicate(timeout=300)[0])
    assert expected["faults"] == {}

    def done() -> int:
        return len(list((course.root / "results/toy").glob("*.json")))

    # The run is killed when some are done: nothing of it is left, and the next run grades the others.
    with grading(course, "--workers", "2") as process:
        await_that(done, "nobody was graded")
        below = descendants(process.pid)
        process.kill()
    await_that(lambda: not any(map(command_of, below)), "processes outlived the run that started them", 30)
    finished = done()
    assert 0 < finished < len(STUDENTS)

    with grading(course, "--workers", "2") as process:
        await_that(lambda: done() > finished or process.poll() is not None, "nobody was graded")
        workers = [pid for pid in descendants(process.pid) if "spawn_main" in command_of(pid)]
        os.kill(workers[0], signal.SIGKILL)
        found = json.loads(process.communicate(timeout=300)[0])
    assert found["faults"] == {}
    assert found["graded"] <= len(STUDENTS) - finished
    assert documents(course) == documents(alone)
    assert [one["student"] for one in found["results"]] == list(STUDENTS)
