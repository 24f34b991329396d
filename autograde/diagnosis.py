"""Which mistake it is: a submission that behaves like a known wrong answer gets that answer's explanation."""

from __future__ import annotations

import ast
import contextlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from autograde.course import Course, Exercise
from autograde.deciding import exercise_digest
from autograde.errors import CourseError
from autograde.files import digest, write_atomically
from autograde.model import ExerciseResult, Outcome
from autograde.state import kit_digest

_INCIDENTAL = re.compile(r" at `.*`$| after [\d.]+ s\b")

BEHAVIOURS = ".autograde/behaviours"
"""Where in a course it is kept how the wrong specimens behave."""

GradeAnswer = Callable[[Exercise, str], ExerciseResult]
Behaviour = tuple[tuple[str, str, str], ...]
_FAILS = re.compile(r"^\s*Fails:\s*(?P<names>[^.]*)\.?\s*$", re.MULTILINE)


@dataclass(frozen=True)
class Specimen:
    """A stored wrong answer: its text, what is wrong with it, and the checks it must fail."""

    path: Path
    text: str
    explanation: str
    fails: frozenset[str]

    @classmethod
    def read(cls, path: Path) -> Specimen:
        """Read a wrong specimen.

        Raises:
            CourseError: it does not begin with a docstring that explains the mistake and has a `Fails:` line.

        """
        try:
            text = path.read_text("utf-8")
            docstring = ast.get_docstring(ast.parse(text)) or ""
        except SyntaxError as error:
            raise CourseError(f"{path}, line {error.lineno}: not valid Python: {error.msg}") from error
        except ValueError as error:  # not UTF-8, or a null byte
            raise CourseError(f"{path}: not valid Python: {error}") from error
        fails = _FAILS.search(docstring)
        if not fails:
            raise CourseError(f"{path}: its docstring must end with a line `Fails: test_..., test_....`")
        explanation = " ".join(docstring[: fails.start()].split())
        if not explanation:
            raise CourseError(f"{path}: its docstring must begin with a sentence that says what is wrong")
        return cls(path, text, explanation, frozenset(fails["names"].replace(",", " ").split()))


class Diagnoses:
    """Explains failed exercises by their wrong specimens, whose behaviour is found once and kept on disk.

    Without `keep` nothing is written into the course. Without `observe` only what was kept is known: to find
    out how all wrong specimens of an exercise behave takes as long as to grade so many answers.
    """

    def __init__(
        self, course: Course, grade_answer: GradeAnswer, *, keep: bool = True, observe: bool = True
    ) -> None:
        self._course = course
        self._grade_answer = grade_answer
        self._keep = keep
        self._may_observe = observe
        self._known: dict[str, dict[Behaviour, str]] = {}

    def explain(self, exercise: Exercise, result: ExerciseResult) -> ExerciseResult:
        """Return the result with the explanation of the wrong answer it behaves like, if there is one."""
        behaviour = behaviour_of(result)
        if not behaviour or unwritten(result):
            return result
        if exercise.name not in self._known:
            self._known[exercise.name] = self._load(exercise)
        return replace(result, diagnosis=self._known[exercise.name].get(behaviour, ""))

    def _load(self, exercise: Exercise) -> dict[Behaviour, str]:
        key = self._key(exercise)
        path = self._folder / f"{exercise.assignment}.{exercise.name}.json"
        try:
            kept = json.loads(path.read_text("utf-8"))
            if kept["key"] == key:
                return {tuple(map(tuple, found)): text for found, text in kept["behaviours"]}
        except (OSError, ValueError, KeyError, TypeError):
            pass  # not there yet, or half written: found anew
        if not self._may_observe:
            return {}
        found = self._observe(exercise)
        if self._keep:
            with contextlib.suppress(OSError):  # a disk that is full or read-only costs time, not grades
                write_atomically(path, json.dumps({"key": key, "behaviours": list(found.items())}, indent=1))
        return found

    def _observe(self, exercise: Exercise) -> dict[Behaviour, str]:
        found: dict[Behaviour, str] = {}
        for path in exercise.wrong:
            specimen = Specimen.read(path)
            behaviour = behaviour_of(self._grade_answer(exercise, specimen.text))
            if behaviour in found:  # two mistakes that look the same from outside: tell both
                found[behaviour] = f"{found[behaviour]} Or: {specimen.explanation}"
            else:
                found[behaviour] = specimen.explanation
        return found

    def _key(self, exercise: Exercise) -> str:
        """Return a digest of all that decides how the specimens behave."""
        return digest(kit_digest(self._course), exercise_digest(self._course, exercise))

    @cached_property
    def _folder(self) -> Path:
        return self._course.root / BEHAVIOURS


def behaviour_of(result: ExerciseResult) -> Behaviour:
    """Return what tells this result from others: the checks that did not pass, and what was seen.

    The student's own line of code and the course's time limits are left out of the messages: they differ
    where mistakes do not.
    """
    return tuple(
        (check.name, check.outcome.value, _INCIDENTAL.sub("", check.message))
        for check in result.checks
        if check.outcome is not Outcome.PASSED
    )


def unwritten(result: ExerciseResult) -> bool:
    """Whether nothing was handed in for the exercise."""
    failed = [check for check in result.checks if check.outcome is Outcome.FAILED]
    return all(check.message.startswith("Not written yet") for check in failed)
