"""The comparison as a table and as JSON."""

from __future__ import annotations

import dataclasses
import json

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from benchmarks.comparison import Comparison
from benchmarks.measuring import Line

LEGEND = """\
floor: the notebook's cells and probes alone, in a process forked from a warm server and confined.
autograde: what came in is repaired, run and judged; recorded: feedback, result and gradebook as well.
nbgrader: stock `nbgrader autograde` on the same cells and probes, without its start-up, which real runs
spread over a class; "start-up / 3": spread over the 3 submissions of this run.
"of floor" and "throughput" (relative to nbgrader) compare times of the same round; the rest are medians.
"ms beyond": what is not the time that the student's process says its cells and probes took."""


def as_json(comparison: Comparison) -> str:
    """Return everything that was measured; times are in seconds, memory in bytes."""
    return json.dumps(dataclasses.asdict(comparison), indent=1)


def show(comparison: Comparison, console: Console) -> None:
    """Print the table, and what belongs to no single notebook below it."""
    console.print(_table(comparison))
    parts = (_once, _confinement, _memory, _machine)
    for text in (LEGEND, "", *(part(comparison) for part in parts)):
        console.print(escape(text), highlight=False, soft_wrap=True)


def _table(comparison: Comparison) -> Table:
    title = f"{comparison.notebook}: {comparison.cells} cells, {comparison.probes} probes"
    table = Table(title=escape(title))
    table.add_column("one notebook", no_wrap=True)
    for column in ("ms", "of floor", "throughput", "ms beyond", "rounds"):
        table.add_column(column, justify="right")
    previous = ""
    for line in comparison.lines:
        if line.submission != previous:
            table.add_section()
            table.add_row(f"[bold]solved by {escape(line.submission)}[/]")
        previous = line.submission
        table.add_row(*_cells(line))
    return table


def _cells(line: Line) -> tuple[str, ...]:
    return (
        escape(line.way),
        f"{1000 * line.seconds:,.0f}",
        f"{line.to_floor:.2f} x",
        f"{line.throughput:.3g} x",
        "" if line.beyond_seconds is None else f"{1000 * line.beyond_seconds:,.0f}",
        str(line.samples),
    )


def _once(comparison: Comparison) -> str:
    once = comparison.once
    return (
        f"Once in a run: autograde warms up in {once.warm_up:.1f} s, its first notebook takes "
        f"{once.first_notebook:.1f} s more; nbgrader's start-up takes {once.nbgrader:.1f} s."
    )


def _confinement(comparison: Comparison) -> str:
    cost = comparison.confinement
    return (
        f"Confinement adds {1000 * cost.added:.1f} ms to the {1000 * cost.without:.1f} ms that a process "
        f"takes from fork to end (medians of {cost.rounds} pairs)."
    )


def _memory(comparison: Comparison) -> str:
    memory = comparison.memory
    own = ", ".join(f"{_megabytes(size)} ({name})" for name, size in memory.students.items())
    return (
        f"Peak memory: warm server {_megabytes(memory.server)}; a student's process of its own {own}; "
        f"grader with this benchmark {_megabytes(memory.grader)}."
    )


def _megabytes(size: int | None) -> str:
    return "unknown" if size is None else f"{size / 2**20:.0f} MB"


def _machine(comparison: Comparison) -> str:
    machine = comparison.machine
    packages = ", ".join(f"{name} {version}" for name, version in machine.versions.items())
    text = (
        f"Measured with isolation {machine.isolation!r} on {machine.cores} cores; "
        f"Python {machine.python}, {packages}."
    )
    busy = machine.load > 0.75 * machine.cores
    return (
        f"{text}\nThe machine was busy (load {machine.load:.1f}): trust ratios, not times." if busy else text
    )
