"""What grading a submission gave, kept for the next time: how its cells ran, and each exercise's result.

Under `.autograde/kept/<assignment>/` there are two files for a student: `<student>.run` with all of it, and
`<student>.stamp`, written last, which says for which submission and which state of the course everything has
been written. Without a file, or with a damaged one, things are found anew; no grade depends on them.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from autograde.course import Course
from autograde.files import write_atomically
from autograde.model import ExerciseResult, exercise_from
from autograde.runs import CellOutcome, Run

KEPT = ".autograde/kept"
_FORMAT = 1


@dataclass(frozen=True)
class KeptNotebook:
    """One notebook: how its cells ran, and its exercises' results, each with the key of what decided it."""

    run_key: str
    run: Run
    exercises: Mapping[str, tuple[str, ExerciseResult]]


@dataclass(frozen=True)
class Kept:
    """One submission, graded with student code confined as `isolation` says."""

    isolation: str = ""
    notebooks: Mapping[str, KeptNotebook] = field(default_factory=dict)

    def to_bytes(self) -> bytes:
        """Return the content of a file."""
        return zlib.compress(json.dumps({"format": _FORMAT} | asdict(self)).encode(), level=1)

    @classmethod
    def from_bytes(cls, content: bytes) -> Kept:
        """Read a file's content back; what cannot be read is empty."""
        try:
            data = json.loads(zlib.decompress(content))
            if data.pop("format") != _FORMAT:
                return cls()
            notebooks = {name: _notebook(one) for name, one in data["notebooks"].items()}
            return cls(data["isolation"], notebooks)
        except (zlib.error, ValueError, KeyError, TypeError, AttributeError):
            return cls()


def _notebook(data: dict[str, Any]) -> KeptNotebook:
    cells = tuple(
        CellOutcome(tuple(one["outputs"]), one["count"], one["loss"]) for one in data["run"]["cells"]
    )
    exercises = {name: (key, exercise_from(result)) for name, (key, result) in data["exercises"].items()}
    return KeptNotebook(data["run_key"], Run(cells, data["run"]["seconds"]), exercises)


@dataclass(frozen=True)
class Stamp:
    """What everything that was written for a student is for. `submission` and `state` are digests."""

    submission: str = ""
    state: str = ""
    times: str = ""


@dataclass(frozen=True)
class Store:
    """The kept files of an assignment."""

    course: Course
    assignment: str

    @property
    def folder(self) -> Path:
        """Where they are."""
        return self.course.root / KEPT / self.assignment

    def kept(self, student: str) -> bytes:
        """Return the content of a student's file, b"" if there is none."""
        return _content(self.folder / f"{student}.run")

    def keep(self, student: str, content: bytes) -> None:
        """Write a student's file."""
        write_atomically(self.folder / f"{student}.run", content)

    def stamp(self, student: str) -> Stamp:
        """Return what everything that was written for a student is for."""
        lines = _content(self.folder / f"{student}.stamp").decode("utf-8", "replace").splitlines()
        return Stamp(*lines) if len(lines) == len(asdict(Stamp())) else Stamp()

    def seal(self, student: str, stamp: Stamp) -> None:
        """Note that everything has been written for a student."""
        text = "\n".join(asdict(stamp).values())
        write_atomically(self.folder / f"{student}.stamp", f"{text}\n")


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
