"""Whoever grades submissions: a process of a pool, of a cluster, or this one."""

from __future__ import annotations

import atexit
import copy
import functools
import os
import platform
import threading
import traceback
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from autograde.classroom.job import Fault, Graded, Job, Submitted, Terms
from autograde.classroom.kept import Kept, KeptNotebook
from autograde.course import MARKER, Course
from autograde.deciding import Deciding
from autograde.errors import CourseError, IsolationError, ServerError, SubmissionError
from autograde.grading import Grader, code_cells
from autograde.intake import Repaired, read_submission, repair
from autograde.model import CheckResult, ExerciseResult, NotebookResult, Outcome, SubmissionResult
from autograde.notebook import dumps, graded_exercise, points, read_notebook
from autograde.report.feedback import feedback_notebook
from autograde.runs import Earlier, GradedNotebook, Run
from autograde.state import state_of

COURSE_VARIABLE = "AUTOGRADE_COURSE"
"""Names the course's folder on a machine where it is elsewhere than for whoever hands out the jobs."""


def grade(job: Job) -> Graded | Fault:
    """Grade a submission with this process's grader, which stays open for the next.

    Raises:
        CourseError: the course here cannot be used, or is not the one that the job is for.
        IsolationError: students' processes cannot be confined as the course demands.

    """
    with _one_at_a_time():
        try:
            return _graded(job)
        except (CourseError, IsolationError):
            raise
        except ServerError as error:  # lost twice
            return Fault(job.student, str(error))
        except Exception as error:  # ours: it must not cost anybody else anything
            reason = f"a fault of autograde itself: {type(error).__name__}: {error}"
            return Fault(job.student, " ".join(reason.split())[:500], traceback.format_exc())


def _graded(job: Job) -> Graded:
    try:
        return Bench.of(job.terms).grade(job)
    except ServerError:  # lost to the machine or to an attack: the submission gets another chance
        close_bench()
        return Bench.of(job.terms).grade(job)


@dataclass(frozen=True)
class Bench:
    """An open grader, and what it grades by."""

    grader: Grader
    deciding: Deciding
    released: dict[str, NotebookNode]
    force: bool

    @classmethod
    def of(cls, terms: Terms) -> Bench:
        """Return this process's one open bench, opened anew if it is of other terms.

        Raises:
            CourseError: the course here cannot be used, or is not the one that the terms are for.

        """
        return _bench(terms)

    def grade(self, job: Job) -> Graded:
        """Grade a submission, as far as earlier results do not hold.

        Raises:
            ServerError: the kit failed; the submission has no result.

        """
        kept = Kept() if self.force else Kept.from_bytes(job.kept)
        if kept.isolation != self.grader.isolation:
            kept = Kept()
        done = {name: self._notebook(job, name, kept.notebooks.get(name)) for name in self.released}
        graded = {name: one for name, (one, _) in done.items()}
        result = SubmissionResult(
            job.terms.assignment,
            job.student,
            tuple(one.result for one in graded.values()),
            self.grader.isolation,
            self.grader.course.settings.seed,
            self.grader.versions,
        )
        keep = {name: one for name, (_, one) in done.items() if one is not None}
        return packed(result, graded, Kept(self.grader.isolation, keep))

    def _notebook(
        self, job: Job, name: str, kept: KeptNotebook | None
    ) -> tuple[GradedNotebook, KeptNotebook | None]:
        assignment = job.terms.assignment
        submitted = job.notebooks.get(name, Submitted("", f"{name}: not handed in"))
        try:
            repaired = repair(self.released[name], submitted.notebook())
        except SubmissionError as error:
            return ungraded(self.grader, assignment, name, self.released[name], str(error)), None
        run_key, keys = self._keys(name, repaired)
        graded = self.grader.grade_notebook(assignment, name, repaired, _earlier(kept, run_key, keys))
        assert graded.run is not None
        judged = {
            one.exercise: (keys[one.exercise], one) for one in graded.result.exercises if not one.flagged
        }
        return graded, KeptNotebook(run_key, graded.run, judged)

    def _keys(self, name: str, repaired: Repaired) -> tuple[str, dict[str, str]]:
        cells = [cell for _, cell in code_cells(repaired.notebook)]
        sources = [cell.source for cell in cells]
        exercises = {
            exercise: self.deciding.exercise(name, exercise, sources[: at + 1])
            for at, cell in enumerate(cells)
            if (exercise := graded_exercise(cell))
        }
        return self.deciding.run(name, sources), exercises


def packed(result: SubmissionResult, graded: Mapping[str, GradedNotebook], kept: Kept) -> Graded:
    """Return what travels of a graded submission: the notebooks as texts, with the verdicts in them."""
    shown = {name: feedback_notebook(one) for name, one in graded.items()}
    return Graded(
        result,
        {name: dumps(one) for name, one in shown.items()},
        {name: dumps(_answers(one)) for name, one in shown.items()},
        kept.to_bytes(),
        any(one.own_seconds for one in graded.values()),
    )


def _earlier(kept: KeptNotebook | None, run_key: str, keys: dict[str, str]) -> Earlier:
    """Return what of an earlier run holds for these keys."""
    if kept is None:
        return Earlier()
    run: Run | None = kept.run if kept.run_key == run_key else None
    exercises = {name: result for name, (key, result) in kept.exercises.items() if keys.get(name) == key}
    return Earlier(run, exercises)


def _answers(notebook: NotebookNode) -> NotebookNode:
    """Return a notebook with nothing but the cells that nbgrader knows, and these without outputs."""
    cells = [copy.copy(cell) for cell in notebook.cells if "nbgrader" in cell.metadata]
    for cell in cells:
        if cell.cell_type == "code":
            cell["outputs"], cell["execution_count"] = [], None
    return NotebookNode({**notebook, "cells": cells})


def grade_file(grader: Grader, assignment: str, path: Path, released: NotebookNode) -> GradedNotebook:
    """Grade a student's notebook, wherever it lies; one that cannot be read gets no points, and says why.

    Raises:
        ServerError: the kit failed; the notebook has no result.

    """
    try:
        return grader.grade_notebook(assignment, path.stem, repair(released, read_submission(path)))
    except SubmissionError as error:
        return ungraded(grader, assignment, path.stem, released, str(error))


def ungraded(
    grader: Grader, assignment: str, name: str, released: NotebookNode, problem: str
) -> GradedNotebook:
    """Return the result of a notebook that is missing or cannot be read: no points, and why."""
    exercises = []
    for cell in released.cells:
        if exercise := graded_exercise(cell):
            checks = tuple(
                CheckResult(
                    info.name,
                    info.sentence,
                    info.points,
                    Outcome.FAILED,
                    "Not graded.",
                    "",
                    info.visibility,
                    0.0,
                )
                for info in grader.infos(exercise)
            )
            exercises.append(ExerciseResult(exercise, 0.0, points(cell), checks))
    result = NotebookResult(name, tuple(exercises), problem=problem)
    return GradedNotebook(result, released)


# Process-wide state: an executor gives its processes no other place for what they need for every job, and
# tells them nothing when the last job is done.
@functools.lru_cache(maxsize=1)
def _bench(terms: Terms) -> Bench:
    _open().close()
    course = _course_here(terms)
    names = course.notebooks(terms.assignment)
    released = {name: read_notebook(course.release(terms.assignment, name)) for name in names}
    grader = _open().enter_context(
        Grader(course, course.exercises(terms.assignment), practice=terms.practice)
    )
    deciding = Deciding.of(course, terms.assignment)
    grader.prove()
    return Bench(grader, deciding, released, terms.force)


def _course_here(terms: Terms) -> Course:
    """Return the course that a job is for: where whoever hands it out has it, or where this machine says."""
    here = [terms.root, *([Path(os.environ[COURSE_VARIABLE])] if COURSE_VARIABLE in os.environ else [])]
    found = [Course(root) for root in here if (root / MARKER).is_file()]
    for course in found:
        with suppress(CourseError):  # it is not built
            if state_of(course, terms.assignment) == terms.state:
                return course
    if not found:
        raise CourseError(f"{here[-1]}: no course on {platform.node()}; name its folder by {COURSE_VARIABLE}")
    raise CourseError(
        f"{found[-1].root}: this course or its autograde is not the one that hands out the submissions; "
        "bring both to the same version"
    )


def close_bench() -> None:
    """Close this process's open bench, if there is one."""
    _bench.cache_clear()
    _open().close()


@functools.cache
def _open() -> ExitStack:
    stack = ExitStack()
    atexit.register(stack.close)
    return stack


@functools.cache
def _one_at_a_time() -> threading.Lock:
    """Return the lock of the process's one bench: a cluster's worker may use several threads."""
    return threading.Lock()
