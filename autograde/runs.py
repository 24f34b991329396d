"""How a notebook ran, and what came of it: what grading gives, and what it may take over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from nbformat import NotebookNode

from autograde.model import ExerciseResult, NotebookResult
from autograde.sandbox.answers import CellRun, Output


@dataclass(frozen=True)
class CellOutcome:
    """What a cell showed, and why it was lost if it was."""

    outputs: tuple[Output, ...]
    count: int | None
    loss: str = ""

    @classmethod
    def of(cls, run: CellRun) -> CellOutcome:
        """Return what is kept of a cell's run. A lost cell shows why as its last output."""
        told = {"output_type": "error", "ename": "Stopped", "evalue": run.loss}
        lost = (told | {"traceback": [f"Stopped: {run.loss}"]},) if run.loss else ()
        return cls((*run.outputs, *lost), run.count, run.loss)


@dataclass(frozen=True)
class Run:
    """How a notebook's code cells ran, and the seconds that running and judging took."""

    cells: tuple[CellOutcome, ...]
    seconds: float


@dataclass(frozen=True)
class Earlier:
    """What is known of a notebook whose cells are the same: how they ran, and results of exercises."""

    run: Run | None = None
    exercises: Mapping[str, ExerciseResult] = field(default_factory=dict)


NOTHING = Earlier()


@dataclass(frozen=True)
class GradedNotebook:
    """A graded notebook: the results, the cells with the outputs of the run, and the run itself.

    `own_seconds` is what the student's process says its cells and probes took, 0 if nothing was run.
    """

    result: NotebookResult
    notebook: NotebookNode
    run: Run | None = None
    own_seconds: float = 0.0
