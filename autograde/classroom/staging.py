"""Submissions that were graded anew and wait to be written until it is known what changes for the class."""

from __future__ import annotations

import dataclasses
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from autograde.classroom.job import Graded
from autograde.classroom.kept import Stamp
from autograde.course import Course
from autograde.model import SubmissionResult

_STAGED = ".autograde/staged"


@dataclass(frozen=True)
class Change:
    """What grading a submission anew does to automatic scores: old and new ones, by exercise."""

    student: str
    scores: dict[str, tuple[float | None, float | None]]

    @classmethod
    def between(cls, old: SubmissionResult, new: SubmissionResult) -> Change:
        """Return what differs between two results."""
        before = {one.exercise: one.score for one in old.exercises}
        after = {one.exercise: one.score for one in new.exercises}
        names = dict.fromkeys((*after, *before))
        both = {name: (before.get(name), after.get(name)) for name in names}
        return cls(new.student, {name: pair for name, pair in both.items() if pair[0] != pair[1]})


@dataclass(frozen=True)
class Stage:
    """Graded submissions on disk, as a class's notebooks would fill the memory."""

    folder: Path
    _waiting: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, course: Course, assignment: str) -> Stage:
        """Return the empty stage of an assignment; what a killed run left on it is removed."""
        folder = course.root / _STAGED / assignment
        shutil.rmtree(folder, ignore_errors=True)
        return cls(folder)

    def put(self, graded: Graded, stamp: Stamp) -> None:
        """Let a submission wait."""
        self.folder.mkdir(parents=True, exist_ok=True)
        content = {
            "result": graded.result.to_json(),
            "notebooks": graded.notebooks,
            "answers": graded.answers,
            "stamp": dataclasses.asdict(stamp),
        }
        (self.folder / f"{len(self._waiting)}.json").write_text(json.dumps(content), "utf-8")
        self._waiting.append(graded.result.student)

    def take(self) -> Iterator[tuple[Graded, Stamp]]:
        """Yield the submissions that wait, and take each away."""
        for number in range(len(self._waiting)):
            path = self.folder / f"{number}.json"
            content = json.loads(path.read_text("utf-8"))
            result = SubmissionResult.from_json(content["result"])
            yield Graded(result, content["notebooks"], content["answers"], b""), Stamp(**content["stamp"])
            path.unlink()

    def clear(self) -> None:
        """Remove all that waits."""
        shutil.rmtree(self.folder, ignore_errors=True)
