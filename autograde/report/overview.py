"""`autograde report`: the class at a glance, from what `grade` left. Nothing is graded here."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograde.model import SubmissionResult
from autograde.report.items import CheckShare, Explained, Item, check_shares, items, known_mistakes
from autograde.report.summary import MOST_LINES, exercise_columns, next_steps, print_scores, shown

if TYPE_CHECKING:
    from autograde.gradebook import Standing

MOST_NAMES = 20  # of students, on one line


@dataclass(frozen=True)
class Overview:
    """All that is told of a class. `ungraded` are students whose submissions have no results yet."""

    assignment: str
    results: tuple[SubmissionResult, ...]
    standing: Standing
    items: tuple[Item, ...]
    checks: tuple[CheckShare, ...]
    mistakes: tuple[Explained, ...]
    ungraded: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data, for JSON."""
        return {
            "assignment": self.assignment,
            "students": [self._student(result) for result in self.results],
            "exercises": [dataclasses.asdict(one) for one in self.items],
            "checks": [dataclasses.asdict(one) for one in self.checks],
            "mistakes": [dataclasses.asdict(one) for one in self.mistakes],
            "by_hand": dict(self.standing.by_hand),
            "without_submission": list(self.standing.absent),
            "not_graded_yet": list(self.ungraded),
        }

    def _student(self, result: SubmissionResult) -> dict[str, Any]:
        score = self.standing.scores.get(result.student)
        total = None if score is None else max(score.score - score.late_penalty, 0.0)
        return {
            "student": result.student,
            "automatic_score": result.score,
            "automatic_max_score": result.max_score,
            "exercises": {exercise.exercise: exercise.score for exercise in result.exercises},
            "problems": {one.notebook: one.problem for one in result.notebooks if one.problem},
            "total": total,
            "max_total": None if score is None else score.max_score,
            "needs_manual_grade": None if score is None else score.needs_manual_grade,
        }


def overview(
    assignment: str,
    results: Sequence[SubmissionResult],
    standing: Standing,
    submitted: Sequence[str] = (),
) -> Overview:
    """Return what is to be told of a class; `submitted` are the students whose submissions were collected."""
    graded = {result.student for result in results}
    collected = set(submitted)
    absent = tuple(name for name in standing.absent if name not in collected | graded)
    return Overview(
        assignment,
        tuple(results),
        dataclasses.replace(standing, absent=absent),
        items(results),
        check_shares(results),
        known_mistakes(results),
        tuple(sorted(collected - graded)),
    )


def print_overview(console: Console, told: Overview) -> None:
    """Print scores, exercises, hardest checks, commonest mistakes, and what is left to do."""
    headings = {name: heading for heading, (name,) in exercise_columns(told.results).items()}
    print_scores(console, told.results, told.standing.scores)
    console.print()
    console.print(items_table(told.items, headings))
    hard = [one for one in told.checks if one.passed < one.students]
    for table in (
        checks_table(hard[:MOST_LINES], headings),
        known_table(told.mistakes[:MOST_LINES], headings),
    ):
        if table.row_count:
            console.print()
            console.print(table)
    console.print()
    for line in (*_left(told), *next_steps(told.assignment, told.results, told.standing.scores)):
        console.print(Text(line), soft_wrap=True)


def items_table(found: Sequence[Item], headings: dict[str, str]) -> Table:
    """Return the exercises with their statistics."""
    table = _table("exercise", "students", "mean", "of", "difficulty", "discrimination")
    for one in found:
        numbers = (f"{one.students}", _number(one.mean), f"{one.max_score:g}")
        shares = (_share(one.difficulty), _share(one.discrimination))
        table.add_row(
            Text(f"{headings.get(one.exercise, '')} {shown(one.exercise)}".strip()), *numbers, *shares
        )
    return table


def checks_table(found: Sequence[CheckShare], headings: dict[str, str]) -> Table:
    """Return checks with how many passed them."""
    table = _table("passed", "exercise", "hardest checks")
    for one in found:
        exercise = headings.get(one.exercise, one.exercise)
        table.add_row(f"{one.passed} of {one.students}", Text(shown(exercise)), Text(shown(one.sentence)))
    return table


def known_table(found: Sequence[Explained], headings: dict[str, str]) -> Table:
    """Return known mistakes with how many made them."""
    table = _table("students", "exercise", "commonest mistakes")
    for one in found:
        exercise = headings.get(one.exercise, one.exercise)
        table.add_row(str(one.students), Text(shown(exercise)), Text(shown(one.diagnosis)))
    return table


def _table(*headings: str) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in headings:
        words = heading in ("exercise", "hardest checks", "commonest mistakes")
        table.add_column(heading, justify="left" if words else "right", overflow="fold")
    return table


def _left(told: Overview) -> list[str]:
    """Return what is left for people, and who is missing."""
    lines = [
        f"To grade by hand: {cell} ({number} students)" for cell, number in told.standing.by_hand.items()
    ]
    for title, names in (
        ("Without a submission", told.standing.absent),
        ("Not graded yet", told.ungraded),
    ):
        if names:
            more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
            lines.append(f"{title} ({len(names)}): {', '.join(map(shown, names[:MOST_NAMES]))}{more}")
    if not told.standing.scores:
        lines.append("The gradebook holds no grades of this assignment: totals are missing")
    return lines


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f}"


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"
