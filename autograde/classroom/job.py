"""One submission as it is handed to whoever grades it, on this machine or another, and what comes back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nbformat import NotebookNode
from nbformat.notebooknode import from_dict

from autograde.course import Course
from autograde.errors import SubmissionError
from autograde.model import SubmissionResult


@dataclass(frozen=True)
class Submitted:
    """A notebook as it came in: its text without outputs, or why it cannot be graded."""

    text: str
    problem: str = ""

    @classmethod
    def of(cls, received: NotebookNode | SubmissionError) -> Submitted:
        """Return what `receive` gave for a notebook."""
        if isinstance(received, SubmissionError):
            return cls("", str(received))
        return cls(json.dumps(received))  # nbformat's own writer would give repeated cells new ids

    def notebook(self) -> NotebookNode:
        """Return the notebook.

        Raises:
            SubmissionError: it cannot be graded.

        """
        if self.problem:
            raise SubmissionError(self.problem)
        notebook: NotebookNode = from_dict(json.loads(self.text))
        return notebook


@dataclass(frozen=True)
class Terms:
    """What is the same for all submissions of a run. `state` is that of the course's assignment."""

    root: Path
    assignment: str
    state: str
    practice: bool = False
    force: bool = False

    @property
    def course(self) -> Course:
        """The course."""
        return Course(self.root)


@dataclass(frozen=True)
class Job:
    """A submission to grade; `kept` is the file of what an earlier run gave."""

    terms: Terms
    student: str
    notebooks: Mapping[str, Submitted] = field(repr=False)
    kept: bytes = field(repr=False, default=b"")


@dataclass(frozen=True)
class Graded:
    """What came of it: the result, and the texts of the graded notebooks, by name.

    `answers` are those notebooks without outputs, `kept` is the new file of what there is to keep, and
    `ran` says whether any student code was run.
    """

    result: SubmissionResult
    notebooks: Mapping[str, str] = field(repr=False)
    answers: Mapping[str, str] = field(repr=False)
    kept: bytes = field(repr=False)
    ran: bool = True


@dataclass(frozen=True)
class Fault:
    """Why a submission has no result, in one line, and for us where it came from. It is never a zero."""

    student: str
    reason: str
    trace: str = field(default="", repr=False)
