"""A run that is killed at any moment loses nothing: the next one ends where an undisturbed run would have."""

import contextlib
import os
import random
import re
import shutil
import signal
import sqlite3
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograde import grading
from autograde.build import build
from autograde.classroom import grade_class
from autograde.course import Course
from autograde.demo import fill_in
from autograde.notebook import dumps, read_notebook
from autograde.sandbox.confine import Limits
from autograde.sandbox.warm import Branch, WarmServer

TOY_COURSE = Path(__file__).parent / "toy_course"
NUMBERS = "1_numbers"
MOMENTS = 50
ADD = "def add_numbers(a, b):\n    return a + b"
ROUNDS = "def add_numbers(a, b):\n    return int(a + b)"
DESCRIBE = """def describe(numbers):
    if not numbers:
        return {}
    return {"smallest": min(numbers), "largest": max(numbers), "mean": sum(numbers) / len(numbers)}"""
RIGHT = {
    "add_numbers": ADD,
    "describe": DESCRIBE,
    "answers_describe": 'answers_describe = {"a": "none", "b": "mean"}',
    "explain_describe": "The largest, for it is one warm day.",
}

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forks a process with an open gradebook")


def hand_in(course: Course, student: str, **answers: str) -> None:
    released = read_notebook(course.release("toy", NUMBERS))
    path = course.submitted("toy", student) / f"{NUMBERS}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(dumps(fill_in(released, RIGHT | answers)), "utf-8")


class Run:
    """A run over a class in a process of its own, which has imported everything and has a warm server."""

    def __init__(self, root: Path, server: WarmServer, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self._branch = server.branch([], folder, 0, Limits(2**30))
        self._branch.fresh = True
        self.pid = os.fork()
        if self.pid == 0:
            _grade(root, self._branch)

    def kill(self) -> None:
        """Kill the process as it is."""
        os.kill(self.pid, signal.SIGKILL)
        self.end()

    def end(self) -> int:
        """Wait for the end of the process, and return its exit status."""
        status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        self._branch.close()
        return status


def _grade(root: Path, branch: Branch) -> None:
    status = 1
    try:
        grading.WarmServer = lambda practice: contextlib.nullcontext(branch)  # type: ignore[misc, assignment]
        grading.require_isolation = lambda *arguments: None  # type: ignore[assignment]
        status = 1 if grade_class(Course(root), "toy").faults else 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)


@pytest.fixture(scope="module", name="prepared")
def fixture_prepared(tmp_path_factory: pytest.TempPathFactory, warm_server: WarmServer) -> Path:
    """A class that was graded; since then a check was edited, and submissions came in."""
    folder = tmp_path_factory.mktemp("prepared")
    course = Course(folder / "course")
    shutil.copytree(TOY_COURSE, course.root, ignore=shutil.ignore_patterns("__pycache__"))
    build(course, "toy")
    hand_in(course, "ann")
    hand_in(course, "bob", add_numbers=ROUNDS)
    assert Run(course.root, warm_server, folder / "work").end() == 0
    with sqlite3.connect(course.root / "gradebook.db") as book:
        book.execute("UPDATE grade SET manual_score = 1.5 WHERE auto_score IS NULL")
    checks = course.exercise("add_numbers").check_file
    text = checks.read_text("utf-8")
    checks.write_text(text.replace("add_numbers(0.5, 0.25), add_numbers(1, 0.125)", "1"), "utf-8")
    hand_in(course, "ann", describe="def describe(numbers):\n    return {}")
    hand_in(course, "cem")
    return course.root


def outcome(root: Path) -> dict[str, Any]:
    """Return all that a run leaves, but for times and numbers of rows."""
    course = Course(root)
    files = (
        path for name in ("autograded", "results") for path in (root / name).rglob("*") if path.is_file()
    )
    texts = {str(path.relative_to(root)): path.read_text("utf-8") for path in files}
    query = """
        SELECT submitted_assignment.student_id, base_cell.name, grade.auto_score, grade.manual_score,
               grade.needs_manual_grade
        FROM grade JOIN base_cell ON base_cell.id = grade.cell_id
        JOIN submitted_notebook ON submitted_notebook.id = grade.notebook_id
        JOIN submitted_assignment ON submitted_assignment.id = submitted_notebook.assignment_id
        ORDER BY 1, 2"""
    with contextlib.closing(sqlite3.connect(course.root / "gradebook.db")) as book:
        rows = book.execute(query).fetchall()
    kept = sorted(path.name for path in (root / ".autograde").rglob("*") if path.is_file())
    return {name: re.sub(r'"seconds": [\d.e-]+', "", text) for name, text in texts.items()} | {
        "gradebook": rows,
        "kept": kept,
    }


def test_a_run_killed_at_any_moment_is_taken_up_by_the_next(
    prepared: Path, warm_server: WarmServer, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    def copy(name: str) -> Path:
        shutil.copytree(prepared, tmp_path / name)
        return tmp_path / name

    undisturbed = copy("undisturbed")
    started = time.monotonic()
    assert Run(undisturbed, warm_server, tmp_path / "work").end() == 0
    whole = time.monotonic() - started
    expected = outcome(undisturbed)
    draw = random.Random(0)
    unfinished = 0
    for moment in range(MOMENTS):
        root = copy(f"{moment}")
        run = Run(root, warm_server, tmp_path / "work")
        time.sleep(draw.uniform(0, whole))
        run.kill()
        unfinished += outcome(root) != expected
        assert Run(root, warm_server, tmp_path / "work").end() == 0
        assert outcome(root) == expected, f"killed at moment {moment}"
        shutil.rmtree(root)
    assert unfinished > MOMENTS / 5, "the kills came too late to disturb anything"
