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
from benchmarks.recording import Task


@dataclass
class Grading:
    """Reads, repairs, runs and judges, as `autograde grade` does."""

    task: Task
    grader: Grader
    slow = False
    way = "autograde"

    @cached_property
    def released(self) -> NotebookNode:
        """The notebook as students get it, read once for a class."""
        return self.task.released()

    def run(self) -> list[Sample]:
        """Grade each submission once."""
        return [self._sample(submission) for submission in self.task.submissions]

    def _sample(self, submission: str) -> Sample:
        started = time.perf_counter()
        graded = self.grade(submission)
        seconds = time.perf_counter() - started
        for exercise in graded.result.exercises:
            if any(check.outcome is not Outcome.PASSED for check in exercise.checks):
                raise BenchmarkError(
                    f"{exercise.exercise}: a right answer loses points; run `autograde verify`"
                )
        return Sample(self.way, submission, seconds, graded.own_seconds)

    def grade(self, submission: str) -> GradedNotebook:
        """Grade a submission."""
        repaired = repair(self.released, read_submission(self.task.path(submission)))
        return self.grader.grade_notebook(self.task.assignment, self.task.notebook, repaired)


@dataclass
class GradingAndRecording(Grading):
    """Writes, besides, the graded notebook, the result and the scores; the gradebook knows the assignment."""

    writer: Writer
    way = "autograde, recorded"

    def grade(self, submission: str) -> GradedNotebook:
        """Grade a submission and record it."""
        graded = super().grade(submission)
        course, grader = self.task.course, self.grader
        result = SubmissionResult(
            self.task.assignment,
            submission,
            (graded.result,),
            grader.isolation,
            course.settings.seed,
            grader.versions,
        )
        packet = packed(result, {self.task.notebook: graded}, Kept())
        self.writer.write(packet, Stamp())
        return graded
