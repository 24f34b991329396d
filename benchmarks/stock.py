"""Stock nbgrader: a course of its own with nbgrader's defaults, graded by `nbgrader autograde`."""

from __future__ import annotations

import re
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from nbformat import NotebookNode

from autograde.course import MARKER, Course
from autograde.demo import fill_in
from autograde.files import write_atomically
from autograde.gradebook import scores
from autograde.notebook import Role, dumps, grade_id, points, read_notebook, role
from benchmarks.measuring import BenchmarkError, Sample
from benchmarks.memory import Watch
from benchmarks.process import require_success, running
from benchmarks.tasks import Task

FIRST = "first"  # sorts before the others, and takes longer: nbgrader loads some of itself only now
STOCK = "nbgrader"
SPREAD = "nbgrader, start-up / {number}"
_BEGINS = re.compile(r"Creating/updating student with ID '(\w+)'")
_ENDS = "Setting destination file permissions"


@dataclass(frozen=True)
class Batch:
    """One run of nbgrader: seconds in all, and of each submission from its first line to its last."""

    seconds: float
    each: dict[str, float]

    @property
    def fixed(self) -> float:
        """Seconds of the run that belong to no submission: nbgrader's start and end."""
        return self.seconds - sum(self.each.values())


class Stock:
    """A temporary course in `root`; `autograde` runs in it as an instructor runs it, over all submissions.

    Before them goes a copy of the first one, which is not measured.
    """

    slow = True

    def __init__(self, root: Path, task: Task, source: NotebookNode) -> None:
        self._root, self._task = root, task
        self._max_score = sum(points(cell) for cell in source.cells if role(cell) is Role.GRADE)
        self.fixed: list[float] = []
        write_atomically(root / MARKER, "c = get_config()\n")
        course = Course(root)
        folder = course.source(task.assignment, "").parent
        shutil.copytree(task.course.student_files(task.assignment), folder, ignore=_notebooks)
        write_atomically(course.source(task.assignment, task.notebook), dumps(source))
        self._run("generate_assignment", task.assignment)
        released = read_notebook(course.release(task.assignment, task.notebook))
        for name in (FIRST, *task.submissions):
            original = task.submissions[0] if name == FIRST else name
            handed_in = read_notebook(task.path(original)).cells
            answers = {grade_id(cell): cell.source for cell in handed_in if grade_id(cell)}
            path = course.submitted(task.assignment, name) / f"{task.notebook}.ipynb"
            write_atomically(path, dumps(fill_in(released, answers)))

    def run(self) -> list[Sample]:
        """Grade all submissions in one run."""
        batch = self._run("autograde", self._task.assignment, "--force")
        if tuple(batch.each) != (FIRST, *self._task.submissions):
            raise BenchmarkError(f"nbgrader autograde: its log tells of {', '.join(batch.each) or 'nobody'}")
        self._check_scores()
        self.fixed.append(batch.fixed)
        number = len(batch.each)
        spread, share = SPREAD.format(number=number), batch.fixed / number
        return [
            sample
            for name, seconds in batch.each.items()
            if name != FIRST
            for sample in (Sample(STOCK, name, seconds), Sample(spread, name, seconds + share))
        ]

    def memory(self) -> int | None:
        """Grade one submission, and return the bytes that nbgrader and its kernel had at most."""
        arguments = ["autograde", self._task.assignment, "--force", "--student", FIRST]
        with running("nbgrader", arguments, self._root) as process, Watch(process.pid) as watch:
            assert process.stderr is not None
            said = process.stderr.readlines()
        require_success(process, "nbgrader autograde", said)
        return watch.peak

    def _check_scores(self) -> None:
        for score in scores(Course(self._root), self._task.assignment):
            if score.score != self._max_score:
                raise BenchmarkError(
                    f"nbgrader autograde: {score.student} has {score.score:g} of {self._max_score:g} points"
                )

    def _run(self, *arguments: str) -> Batch:
        started = time.perf_counter()
        begun: dict[str, float] = {}
        ended: dict[str, float] = {}
        said = []
        with running("nbgrader", arguments, self._root) as process:
            assert process.stderr is not None
            for line in process.stderr:
                now = time.perf_counter()
                if found := _BEGINS.search(line):
                    begun[found[1]] = now
                elif _ENDS in line and begun:
                    ended[list(begun)[-1]] = now
                said.append(line)
        require_success(process, f"nbgrader {arguments[0]}", said)
        seconds = time.perf_counter() - started
        return Batch(seconds, {name: ended[name] - begun[name] for name in ended})

    @property
    def fixed_seconds(self) -> float:
        """Mean seconds of a run that belong to no submission."""
        return fmean(self.fixed)


_notebooks = shutil.ignore_patterns("*.ipynb")
