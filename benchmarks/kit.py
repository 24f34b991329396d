"""Autograde itself: submissions graded by a warm `Grader`, as all of a class are but the first."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import cached_property

from nbformat import NotebookNode

from autograde.classroom.kept import Kept, Stamp
from autograde.classroom.worker import packed
from autograde.classroom.writing import Writer
from autograde.grading import Grader
from autograde.intake import read_submission, repair
from autograde.model import Outcome, SubmissionResult
from autograde.runs import GradedNotebook
from benchmarks.measuring import BenchmarkError, Sample
from benchmarks.tasks import Task

UNSHARED = "autograde, unshared"
SHARED = "autograde"
RECORDED = "{way}, recorded"


@dataclass
class Grading:
    """Reads, repairs, runs and judges, as `autograde grade` does.

    With a `writer` it also writes the graded notebook, the result and the scores; the gradebook has to know
    the assignment. Of a `shared` run it is not told what its cells took: the first ones ran before.
    """

    task: Task
    grader: Grader
    way: str
    shared: bool = False
    writer: Writer | None = None
    slow = False

    @cached_property
    def released(self) -> NotebookNode:
        """The notebook as students get it, read once for a class."""
        return self.task.released()

    def run(self) -> list[Sample]:
        """Grade each submission once."""
        return [self.sample(submission) for submission in self.task.submissions]

    def sample(self, submission: str) -> Sample:
        """Grade a submission, which has to pass."""
        started = time.perf_counter()
        graded = self._grade(submission)
        if self.writer is not None:
            self._record(self.writer, submission, graded)
        seconds = time.perf_counter() - started
        for exercise in graded.result.exercises:
            if any(check.outcome is not Outcome.PASSED for check in exercise.checks):
                raise BenchmarkError(
                    f"{exercise.exercise}: a right answer loses points; run `autograde verify`"
                )
        return Sample(self.way, submission, seconds, None if self.shared else graded.own_seconds)

    def _grade(self, submission: str) -> GradedNotebook:
        repaired = repair(self.released, read_submission(self.task.path(submission)))
        return self.grader.grade_notebook(self.task.assignment, self.task.notebook, repaired)

    def _record(self, writer: Writer, submission: str, graded: GradedNotebook) -> None:
        grader = self.grader
        result = SubmissionResult(
            self.task.assignment,
            submission,
            (graded.result,),
            grader.isolation,
            self.task.course.settings.seed,
            grader.versions,
        )
        writer.write(packed(result, {self.task.notebook: graded}, Kept()), Stamp())
