"""On the terminal: what `verify` proved, how single answers fared, and what `doctor` found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from autograde.model import ExerciseResult, Outcome
from autograde.report.summary import shown

if TYPE_CHECKING:
    from autograde.doctor import Diagnosis
    from autograde.verify import ExerciseProof, Repetition

_MARKS = {
    Outcome.PASSED: "[green]passed[/]",
    Outcome.FAILED: "[red]failed[/]",
    Outcome.SKIPPED: "[dim]skipped[/]",
    Outcome.ERROR: "[yellow]error[/]",
}


def print_proofs(console: Console, proofs: Sequence[ExerciseProof]) -> None:
    """Print a table of what was proven, and a line for each thing to mend."""
    table = Table("exercise", "reference", "stub", "right", "wrong", "result", box=None, header_style="bold")
    for proof in proofs:
        right, wrong = proof.right, proof.wrong
        table.add_row(
            escape(proof.exercise),
            "passes" if proof.reference_passes else "[red]fails[/]",
            "fails" if proof.stub_fails else "[red]scores[/]",
            f"{right.count - len(right.rejected)} of {right.count} pass",
            f"{wrong.count - len(wrong.accepted)} of {wrong.count} fail",
            "[green]proven[/]" if proof.ok else "[red]to mend[/]",
        )
    console.print(table)
    for proof in proofs:
        for line in _to_mend(proof):
            console.print(f"{escape(proof.exercise)}: {escape(line)}", highlight=False, soft_wrap=True)


def _to_mend(proof: ExerciseProof) -> list[str]:
    lines = [] if proof.reference_passes else ["the reference does not pass: mend the solution or the checks"]
    lines += [] if proof.stub_fails else ["the stub scores points: a check passes without an answer"]
    lines += [f"{name} is right, but loses points" for name in proof.right.rejected]
    lines += [f"{name} is wrong, but gets full marks" for name in proof.wrong.accepted]
    lines += [
        f"{one.file} says `Fails: {', '.join(one.declared)}`, but fails {', '.join(one.failed) or 'nothing'}"
        for one in proof.wrong.unexpected
    ]
    return lines + [
        f"{name} is failed by no wrong answer: add one, or drop it" for name in proof.toothless_checks
    ]


def print_repetitions(console: Console, repetitions: Sequence[Repetition]) -> None:
    """Print how right answers fared with many seeds, and a line for each failed check."""
    table = Table("exercise", "right answers", "seeds", "failures", box=None, header_style="bold")
    for one in repetitions:
        failures = f"[red]{len(one.failures)}[/]" if one.failures else "[green]none[/]"
        seeds = f"{one.seeds[0]} to {one.seeds[-1]}"
        table.add_row(escape(one.exercise), str(one.answers), seeds, failures)
    console.print(table)
    for one in repetitions:
        for failure in one.failures:
            for name, message in failure.checks:
                line = f"{one.exercise}: {failure.answer} with seed {failure.seed} fails {name}: {message}"
                console.print(escape(shown(line)), highlight=False, soft_wrap=True)


def print_answer(console: Console, name: str, result: ExerciseResult) -> None:
    """Print the verdict on one answer, with message and hint of what did not pass."""
    score = "not judged" if result.score is None else f"{result.score:g} of {result.max_score:g}"
    console.print(f"[bold]{escape(name)}[/]: {score}", highlight=False, soft_wrap=True)
    if result.diagnosis:
        console.print(Padding(escape(result.diagnosis), (0, 0, 0, 2)), highlight=False)
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 1, 0, 1))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for check in result.checks:
        told = filter(None, (check.sentence, check.message, check.hint))
        table.add_row(_MARKS[check.outcome], "\n".join(escape(shown(text)) for text in (check.name, *told)))
    console.print(table, highlight=False)


def print_diagnosis(console: Console, diagnosis: Diagnosis) -> None:
    """Print what this machine has, and what is missing."""
    for name, version in diagnosis.versions.items():
        console.print(f"{name:<14}{version or '[red]missing[/]'}", highlight=False)
    isolation = diagnosis.isolation
    console.print(f"{'isolation':<14}{isolation.level}", highlight=False)
    for name, fine in isolation.holds.items():
        console.print(f"  {'[green]yes[/]' if fine else '[red]NO[/]':<20} {escape(name)}", highlight=False)
    for verdict, acts in (("[green]refused[/]", isolation.refused), ("[red]ALLOWED[/]", isolation.allowed)):
        for act in acts:
            console.print(f"  {verdict:<18} {escape(act)}", highlight=False, soft_wrap=True)
    for problem in diagnosis.problems:
        console.print(f"[red]problem[/]: {escape(problem)}", highlight=False, soft_wrap=True)
    if not diagnosis.problems:
        console.print("[green]This machine can grade.[/]")
