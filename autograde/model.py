"""Results as plain data, and the JSON document they are kept in.

One `SubmissionResult` per submission is everything a face may show: command line, graded notebook, gradebook
and CI read it and nothing else. With the same submission, course and seed the document is byte-identical but
for its `seconds`.
"""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

FORMAT_VERSION = 1


class Outcome(StrEnum):
    """How a check ended for one submission."""

    PASSED = "passed"
    FAILED = "failed"  # the student's fault
    SKIPPED = "skipped"  # a check it depends on did not pass
    ERROR = "error"  # ours: costs the student nothing, flags the exercise


class Visibility(StrEnum):
    """How much of a hidden check its student may read."""

    ALWAYS = "always"  # announced in the notebook, explained after grading
    AFTER_GRADING = "after grading"  # not announced, explained after grading
    NAME_ONLY = "name only"  # afterwards its sentence and outcome, no message or hint
    NEVER = "never"  # counts, but is never shown


@dataclass(frozen=True)
class CheckInfo:
    """What an author declared about a check: `@check(...)` and the docstring's first line."""

    name: str
    sentence: str
    points: float
    hint: str
    visibility: Visibility
    needs: tuple[str, ...]


@dataclass(frozen=True)
class CheckResult:
    """One check's verdict on one submission. `message` says what was seen, `hint` what to try."""

    name: str
    sentence: str
    points: float
    outcome: Outcome
    message: str
    hint: str
    visibility: Visibility
    seconds: float


@dataclass(frozen=True)
class ExerciseResult:
    """One exercise's automatic score; `score` is None when no check could be judged (all were errors)."""

    exercise: str
    score: float | None
    max_score: float
    checks: tuple[CheckResult, ...]
    diagnosis: str = ""

    @property
    def flagged(self) -> bool:
        """Whether an instructor has to look: the kit itself failed on a check."""
        return any(check.outcome is Outcome.ERROR for check in self.checks)


@dataclass(frozen=True)
class NotebookResult:
    """One notebook of a submission. `problem` says why it could not be graded, and is empty otherwise."""

    notebook: str
    exercises: tuple[ExerciseResult, ...]
    repairs: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    problem: str = ""
    seconds: float = 0.0


@dataclass(frozen=True)
class SubmissionResult:
    """One student's submission of one assignment: the document that every face reads."""

    assignment: str
    student: str
    notebooks: tuple[NotebookResult, ...]
    isolation: str
    seed: int
    versions: dict[str, str]
    format_version: int = FORMAT_VERSION

    @property
    def exercises(self) -> tuple[ExerciseResult, ...]:
        """The exercises of all notebooks, in order."""
        return tuple(exercise for notebook in self.notebooks for exercise in notebook.exercises)

    @property
    def score(self) -> float:
        """Automatic points reached."""
        return sum(exercise.score or 0.0 for exercise in self.exercises)

    @property
    def max_score(self) -> float:
        """Automatic points to be had."""
        return sum(exercise.max_score for exercise in self.exercises)

    def to_json(self) -> str:
        """Return the JSON document, with a final newline."""
        return json.dumps(dataclasses.asdict(self), indent=1, ensure_ascii=False, sort_keys=True) + "\n"

    @classmethod
    def from_json(cls, text: str) -> SubmissionResult:
        """Read back what `to_json` wrote.

        Raises:
            ValueError: the text is no such document, or of another format version.

        """
        data = json.loads(text)
        if not isinstance(data, dict) or data.get("format_version") != FORMAT_VERSION:
            raise ValueError(f"not a result document of format version {FORMAT_VERSION}")
        try:
            return cls(**{**data, "notebooks": tuple(map(_notebook, data["notebooks"]))})
        except (KeyError, TypeError) as error:
            raise ValueError(f"a damaged result document: {error}") from error


@dataclass(frozen=True)
class Score:
    """One student's points in one assignment, automatic and manual, and what lateness takes off them."""

    student: str
    score: float
    max_score: float
    late_penalty: float
    needs_manual_grade: bool


def _notebook(data: dict[str, Any]) -> NotebookResult:
    return NotebookResult(
        **{
            **data,
            "exercises": tuple(map(exercise_from, data["exercises"])),
            "repairs": tuple(data["repairs"]),
            "remarks": tuple(data["remarks"]),
        }
    )


def exercise_from(data: dict[str, Any]) -> ExerciseResult:
    """Read back an exercise's result from what `dataclasses.asdict` makes of it."""
    return ExerciseResult(**{**data, "checks": tuple(map(_check, data["checks"]))})


def _check(data: dict[str, Any]) -> CheckResult:
    return CheckResult(
        **{**data, "outcome": Outcome(data["outcome"]), "visibility": Visibility(data["visibility"])}
    )


def exercise_score(checks: tuple[CheckResult, ...], max_score: float) -> float | None:
    """Points of passed checks / points of all checks x `max_score`; checks in error count on neither side.

    Returns None when nothing could be judged.
    """
    judged = [check for check in checks if check.outcome is not Outcome.ERROR]
    total = sum(check.points for check in judged)
    if not total:
        return None
    passed = sum(check.points for check in judged if check.outcome is Outcome.PASSED)
    return round(passed / total * max_score, 4)
