"""Otter-grader: the same submissions and checks, graded by its command line `otter run`, one by one."""

from __future__ import annotations

import importlib.util
import json
import time
import zipfile
from collections.abc import Mapping
from pathlib import Path

from nbformat import NotebookNode

from autograde.files import write_atomically
from autograde.notebook import dumps, graded_exercise, read_notebook
from benchmarks.measuring import BenchmarkError, Sample
from benchmarks.memory import Watch
from benchmarks.process import require_success, running
from benchmarks.tasks import Task

OTTER = "otter run"


def installed() -> bool:
    """Whether otter-grader is there to be measured."""
    return importlib.util.find_spec("otter") is not None


class Otter:
    """A temporary folder with an `autograder.zip` of test files, and submissions that name their tests.

    As otter's own release does, the metadata of a grade cell name the test that is run after it.
    """

    slow = True

    def __init__(self, root: Path, task: Task, tests: Mapping[str, str]) -> None:
        self._root, self._task = root, task
        self._points = {name: text.count("@test_case(points=1") for name, text in tests.items()}
        root.mkdir()
        (root / "results").mkdir()
        with zipfile.ZipFile(root / "autograder.zip", "w") as archive:
            archive.writestr("otter_config.json", "{}")
            for name, text in tests.items():
                archive.writestr(f"tests/{name}.py", text)
            beside = task.course.student_files(task.assignment)
            for path in sorted(beside.rglob("*")):
                if path.is_file() and path.suffix != ".ipynb":
                    archive.write(path, f"files/{path.relative_to(beside)}")
        for name in task.submissions:
            self.put(name, read_notebook(task.path(name)))

    def put(self, submission: str, notebook: NotebookNode) -> None:
        """Hand in a notebook."""
        for cell in notebook.cells:
            if (name := graded_exercise(cell)) in self._points:
                cell.metadata["otter"] = {"tests": [name]}
        write_atomically(self._path(submission), dumps(notebook))

    def run(self) -> list[Sample]:
        """Grade each submission in a run of its own: the command takes one."""
        samples = []
        for name in self._task.submissions:
            started = time.perf_counter()
            self._grade(name)
            samples.append(Sample(OTTER, name, time.perf_counter() - started))
        return samples

    def memory(self) -> int | None:
        """Grade one submission, and return the bytes that otter and its kernel had at most."""
        return self._grade(self._task.submissions[0], watched=True)

    def _grade(self, submission: str, *, watched: bool = False) -> int | None:
        archive, results = self._root / "autograder.zip", self._root / "results"
        arguments = ["run", str(self._path(submission)), "-a", str(archive), "-o", str(results), "--no-logo"]
        with (
            running("otter", arguments, self._root) as process,
            Watch(process.pid if watched else 0) as watch,
        ):
            assert process.stderr is not None
            said = process.stderr.readlines()
        require_success(process, OTTER, said)
        told = results / "results.json"
        self._check_points(submission, json.loads(told.read_text("utf-8")))
        told.unlink()
        return watch.peak

    def _check_points(self, submission: str, results: dict[str, list[dict[str, float | str]]]) -> None:
        found = {str(test["name"]): test["score"] for test in results["tests"] if test.get("max_score")}
        if found != self._points:
            raise BenchmarkError(f"{OTTER}: {submission} has {found} points of {self._points}")

    def _path(self, submission: str) -> Path:
        return self._root / "submitted" / f"{submission}.ipynb"
