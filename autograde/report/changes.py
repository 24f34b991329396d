"""What grading a class again changes, told before it is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograde.report.summary import number, shown

MOST_STUDENTS = 20
"""Of how many students each change is listed; the sums are always of all."""

Pair = tuple[float | None, float | None]


class Changed(Protocol):
    """Old and new scores of one student by exercise, of those that differ."""

    @property
    def student(self) -> str:
        """The student."""
        ...

    @property
    def scores(self) -> Mapping[str, Pair]:
        """Old and new score by exercise."""
        ...


@dataclass(frozen=True)
class Effect:
    """What changes for one exercise: how many students gain and lose, and by how much on average."""

    exercise: str
    gain: int
    lose: int
    mean: float


def effects(changes: Sequence[Changed]) -> tuple[Effect, ...]:
    """Return what changes for each exercise."""
    steps: dict[str, list[float]] = {}
    for change in changes:
        for exercise, (old, new) in change.scores.items():
            steps.setdefault(exercise, []).append((new or 0.0) - (old or 0.0))
    return tuple(
        Effect(name, sum(step > 0 for step in all_), sum(step < 0 for step in all_), sum(all_) / len(all_))
        for name, all_ in sorted(steps.items())
    )


def print_changes(console: Console, changes: Sequence[Changed], *, dry_run: bool) -> None:
    """Print which scores change, by exercise and by student."""
    verb = "would change" if dry_run else "change"
    console.print(f"Scores of {len(changes)} students {verb}:", highlight=False)
    console.print(_effects_table(effects(changes)))
    console.print(_students_table(changes[:MOST_STUDENTS]))
    if len(changes) > MOST_STUDENTS:
        more = len(changes) - MOST_STUDENTS
        console.print(f"... and {more} more students; all of them: --dry-run --json", highlight=False)
    console.print()


def changes_json(changes: Sequence[Changed]) -> dict[str, Any]:
    """Return the same as JSON."""
    return {
        "students": [
            {"student": one.student, "scores": {name: list(pair) for name, pair in one.scores.items()}}
            for one in changes
        ],
        "exercises": [vars(one) for one in effects(changes)],
    }


def _effects_table(found: Sequence[Effect]) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in ("exercise", "students gain", "lose", "mean change"):
        table.add_column(heading, justify="left" if heading == "exercise" else "right")
    for one in found:
        table.add_row(Text(shown(one.exercise)), str(one.gain), str(one.lose), f"{one.mean:+.2f}")
    return table


def _students_table(changes: Sequence[Changed]) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in ("student", "exercise", "old", "new"):
        table.add_column(heading, justify="right" if heading in ("old", "new") else "left")
    for change in changes:
        for exercise, (old, new) in change.scores.items():
            style = "green" if (new or 0.0) > (old or 0.0) else "red"
            cells = (Text(_score(old)), Text(_score(new), style=style))
            table.add_row(Text(shown(change.student)), Text(shown(exercise)), *cells)
    return table


def _score(value: float | None) -> str:
    return "-" if value is None else number(value)
