"""What CI tells of a submission: one view, from which each format is made.

Who reads a log, an artifact or a summary of a CI job is a student, unless the instructor says otherwise. So
the view holds what the graded notebook would show, by the checks' visibility: of hidden code, inputs and
expected values nothing. For the instructor it holds everything.

All text in it is plain: without control characters, commands to a terminal, half surrogates and marks of
reading order. It is neither HTML, Markdown, XML nor a line of a runner's log yet: each format escapes it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from autograde.model import (
    CheckResult,
    ExerciseResult,
    NotebookResult,
    Outcome,
    SubmissionResult,
    Visibility,
)
from autograde.report.feedback import MARKS, NOT_GRADED, details, diagnosis, footer, listed, seen, worth

_TERMINAL = re.compile(  # colours and movements; titles, links and clipboards with the text they carry
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\x07\x1b\n]*+(?:\x07|\x1b\\)?+|[ -/]*[0-~])?"
)


class Reader(StrEnum):
    """Whom a report is for."""

    STUDENT = "student"
    INSTRUCTOR = "instructor"


@dataclass(frozen=True)
class ToldCheck:
    """A check: its sentence, its points of the notebook's, and the lines that explain the outcome."""

    name: str
    sentence: str
    outcome: Outcome
    visibility: Visibility
    points: float
    details: tuple[str, ...]
    seconds: float


@dataclass(frozen=True)
class ToldExercise:
    """An exercise; `score` is None if it could not be judged, `problem` says why its notebook could not be.

    `above` and `below` are lines about all its checks, of which not each may be in `checks`.
    """

    notebook: str
    name: str
    score: float | None
    max_score: float
    checks: tuple[ToldCheck, ...]
    problem: str
    above: tuple[str, ...]
    below: tuple[str, ...]

    @property
    def full(self) -> bool:
        """Whether all points were reached."""
        return self.score is not None and self.score >= self.max_score

    @property
    def flagged(self) -> bool:
        """Whether the kit itself failed on a check."""
        return any(check.outcome is Outcome.ERROR for check in self.checks)


@dataclass(frozen=True)
class Told:
    """A submission; `remarks` are lines about its notebooks, each with the notebook's name."""

    assignment: str
    student: str
    score: float
    max_score: float
    exercises: tuple[ToldExercise, ...]
    remarks: tuple[tuple[str, str], ...]


def told(result: SubmissionResult, reader: Reader = Reader.STUDENT) -> Told:
    """Return what the reader may know of a submission, in plain text."""
    return Told(
        plain_line(result.assignment),
        plain_line(result.student),
        result.score,
        result.max_score,
        tuple(
            _exercise(notebook, exercise, reader)
            for notebook in result.notebooks
            for exercise in notebook.exercises
        ),
        tuple(
            (plain_line(notebook.notebook), plain_line(line))
            for notebook in result.notebooks
            for line in ("" if notebook.exercises else notebook.problem, *notebook.repairs, *notebook.remarks)
            if line.strip()
        ),
    )


def for_student(result: SubmissionResult) -> SubmissionResult:
    """Return the result document without what its student may not read.

    Checks that are never shown are left out, though the scores count them; messages, hints and diagnoses
    follow the checks' visibility. Messages of checks that could not be carried out speak of the kit: they
    are replaced.
    """
    notebooks = tuple(
        replace(notebook, exercises=tuple(map(_for_student, notebook.exercises)))
        for notebook in result.notebooks
    )
    return replace(result, notebooks=notebooks)


def plain(text: str) -> str:
    """Return text without what steers a terminal and what cannot be seen; line breaks stay."""
    lines = _TERMINAL.sub("", text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(seen(line) for line in lines)


def plain_line(text: str) -> str:
    """Return the same on one line."""
    return " ".join(plain(text).split())


def number(value: float) -> str:
    """Return points as people write them."""
    return f"{round(value, 2):g}"


def points_of(exercise: ToldExercise) -> str:
    """Return the score of an exercise in words."""
    if exercise.score is None:
        return "not graded"
    return f"{number(exercise.score)} of {number(exercise.max_score)} points"


def explained(exercise: ToldExercise) -> list[str]:
    """Return lines that say why points were lost."""
    if exercise.problem:
        return [exercise.problem]
    lines = list(exercise.above)
    for check in exercise.checks:
        if check.details or check.outcome is not Outcome.PASSED:
            lines += [f"{MARKS[check.outcome]} {check.sentence}", *check.details]
    return [*lines, *exercise.below]


def _for_student(exercise: ExerciseResult) -> ExerciseResult:
    checks = tuple(
        replace(check, message="\n".join(_without_hint(check)), hint=check.hint if _hinted(check) else "")
        for check in listed(exercise)
    )
    return replace(exercise, checks=checks, diagnosis="\n".join(diagnosis(exercise)))


def _hinted(check: CheckResult) -> bool:
    """Whether the student may read the check's hint now."""
    return details(check) != details(replace(check, hint=""))


def _without_hint(check: CheckResult) -> list[str]:
    return details(replace(check, hint=""))


def _exercise(notebook: NotebookResult, exercise: ExerciseResult, reader: Reader) -> ToldExercise:
    all_of_it = reader is Reader.INSTRUCTOR
    problem = plain_line(notebook.problem)
    above = exercise.diagnosis.splitlines() if all_of_it else diagnosis(exercise)
    unjudged = [NOT_GRADED] if exercise.score is None else []
    checks = exercise.checks if all_of_it else listed(exercise)
    return ToldExercise(
        plain_line(notebook.notebook),
        plain_line(exercise.exercise),
        exercise.score,
        exercise.max_score,
        tuple(_check(check, exercise, reader, problem) for check in checks),
        problem,
        () if problem else _lines([*unjudged, *above]),
        () if all_of_it else _lines(footer(exercise)),
    )


def _check(check: CheckResult, exercise: ExerciseResult, reader: Reader, problem: str) -> ToldCheck:
    explained = (
        [problem] if problem else _everything(check) if reader is Reader.INSTRUCTOR else details(check)
    )
    return ToldCheck(
        plain_line(check.name),
        plain_line(check.sentence),
        check.outcome,
        check.visibility,
        worth(check, exercise),
        _lines(explained),
        check.seconds,
    )


def _everything(check: CheckResult) -> list[str]:
    if check.outcome is Outcome.PASSED:
        return []
    return [*check.message.splitlines(), *([f"Hint: {check.hint}"] if check.hint else [])]


def _lines(texts: Iterable[str]) -> tuple[str, ...]:
    lines = (line.rstrip() for text in texts for line in plain(text).split("\n"))
    return tuple(line for line in lines if line)
