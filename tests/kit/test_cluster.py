"""A Dask cluster grades a class: its workers need the package and the course, and may be lost."""

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from autograde.build import build
from autograde.classroom import Options, grade_class
from autograde.classroom.job import Job, Terms
from autograde.classroom.worker import COURSE_VARIABLE, grade
from autograde.course import Course
from autograde.demo import fill_in
from autograde.errors import AutogradeError, CourseError
from autograde.notebook import dumps, read_notebook
from autograde.state import state_of

TOY_COURSE = Path(__file__).parent / "toy_course"
NUMBERS = "1_numbers"
STUDENTS = ("ann", "bob", "cem", "dot", "eve", "fay")
ADD = "def add_numbers(a, b):\n    return a + b"
SLOW = f"import time\ntime.sleep(2)\n{ADD}"


@contextlib.contextmanager
def program(*arguments: str, log: Path, **variables: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program of Dask until the block ends."""
    command = [sys.executable, "-m", *arguments]
    with (
        log.open("wb") as out,
        subprocess.Popen(command, stdout=out, stderr=out, env=os.environ | variables) as it,
    ):
        try:
            yield it
        finally:
            it.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                it.wait(20)
            it.kill()


def await_that(is_so: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + 120
    while not is_so():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


@pytest.fixture(scope="module", name="course")
def fixture_course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A built course with a class that handed in slow answers."""
    course = Course(tmp_path_factory.mktemp("class") / "course")
    shutil.copytree(TOY_COURSE, course.root, ignore=shutil.ignore_patterns("__pycache__"))
    build(course, "toy")
    released = read_notebook(course.release("toy", NUMBERS))
    for student in STUDENTS:
        path = course.submitted("toy", student) / f"{NUMBERS}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(dumps(fill_in(released, {"add_numbers": f"{SLOW}  # {student}"})), "utf-8")
    return course


@pytest.fixture(scope="module", name="scheduler")
def fixture_scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a scheduler on this machine."""
    log = tmp_path_factory.mktemp("dask") / "scheduler"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    where = ("--host", "127.0.0.1", "--port", str(port), "--no-dashboard")
    with program("distributed.cli.dask_scheduler", *where, log=log):
        await_that(lambda: b"Scheduler at" in log.read_bytes(), "the scheduler did not start")
        yield f"tcp://127.0.0.1:{port}"


@pytest.fixture(name="start_worker")
def fixture_start_worker(scheduler: str, tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """`start_worker(**variables)`: a worker of the cluster, in a folder without submissions or gradebook."""
    with contextlib.ExitStack() as stack:

        def start(number: int, **variables: str) -> subprocess.Popen[bytes]:
            log, folder = tmp_path / f"worker {number}", tmp_path / f"files {number}"
            where = ("--host", "127.0.0.1", "--no-dashboard", "--no-nanny", "--nthreads", "1")
            options = (scheduler, *where, "--local-directory", str(folder))
            worker = stack.enter_context(
                program("distributed.cli.dask_worker", *options, log=log, **variables)
            )
            await_that(lambda: b"Registered to" in log.read_bytes(), "a worker did not start")
            return worker

        yield start


def results(course: Course) -> dict[str, str]:
    """Return the result documents by student, without times."""
    paths = (course.root / "results/toy").glob("*.json")
    return {path.stem: re.sub(r'"seconds": [\d.e-]+', "", path.read_text("utf-8")) for path in paths}


def test_a_cluster_that_loses_a_worker_gives_what_this_machine_gives(
    course: Course, scheduler: str, start_worker: Callable[..., subprocess.Popen[bytes]]
) -> None:
    alone = Course(course.root.with_name("alone"))
    shutil.copytree(course.root, alone.root)
    grade_class(alone, "toy")

    # What a worker has: the course, elsewhere, without what students handed in.
    elsewhere = course.root.with_name("elsewhere")
    shutil.copytree(course.root, elsewhere, ignore=shutil.ignore_patterns("submitted"))
    lost, kept = (start_worker(number, **{COURSE_VARIABLE: str(elsewhere)}) for number in range(2))
    command = [sys.executable, "-m", "autograde", "grade", "toy", "--json", "--scheduler", scheduler]
    with subprocess.Popen(command, cwd=course.root, stdout=subprocess.PIPE, text=True) as process:
        await_that(lambda: results(course) or process.poll() is not None, "nobody was graded")
        lost.send_signal(signal.SIGKILL)
        found: dict[str, Any] = json.loads(process.communicate(timeout=300)[0])
    assert kept.poll() is None
    assert found["faults"] == {}
    assert results(course) == results(alone)
    assert sorted(results(course)) == list(STUDENTS)
    assert not (elsewhere / "gradebook.db").exists()


def test_a_worker_with_another_course_is_told_of(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(course.root, tmp_path / "other")
    check_file = Course(tmp_path / "other").exercise("add_numbers").check_file
    check_file.write_text(check_file.read_text("utf-8") + "\n# edited\n", "utf-8")
    job = Job(Terms(tmp_path / "not here", "toy", state_of(course, "toy")), "ann", {})
    with pytest.raises(CourseError, match=f"not here: no course on .*; name its folder by {COURSE_VARIABLE}"):
        grade(job)
    monkeypatch.setenv(COURSE_VARIABLE, str(tmp_path / "other"))
    with pytest.raises(CourseError, match="other: this course or its autograde is not the one that"):
        grade(job)


def test_a_scheduler_without_workers_is_told_of(course: Course, scheduler: str) -> None:
    with pytest.raises(AutogradeError, match="has no workers; start some with `dask worker tcp://127"):
        grade_class(course, "toy", options=Options(scheduler=scheduler, force=True))


def test_a_scheduler_that_is_not_there_is_told_of(course: Course) -> None:
    with pytest.raises(AutogradeError, match=r"^tcp://127.0.0.1:9: no Dask scheduler answers there"):
        grade_class(course, "toy", options=Options(scheduler="tcp://127.0.0.1:9", force=True))
