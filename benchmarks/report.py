"""The comparison as a table and as JSON."""

from __future__ import annotations

import dataclasses
import json

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from benchmarks.comparison import Comparison
from benchmarks.measuring import Line


def as_json(comparison: Comparison) -> str:
    """Return everything that was measured; times are in seconds, memory in bytes."""
    return json.dumps(dataclasses.asdict(comparison), indent=1)


def show(comparison: Comparison, console: Console) -> None:
    """Print the table, and what belongs to no single notebook below it."""
    console.print(_table(comparison))
    for text in (*_once(comparison), *_memory(comparison), *_circumstances(comparison)):
        console.print(escape(text), highlight=False, soft_wrap=True)


def _table(comparison: Comparison) -> Table:
    title = f"{comparison.notebook}: {comparison.cells} cells, {comparison.probes} probes"
    table = Table(title=escape(title), caption="medians; ratios are of the same round")
    table.add_column("one notebook", overflow="fold")
    for column in ("ms", "of floor", "throughput", "ms beyond\nits own", "rounds"):
        table.add_column(column, justify="right")
    submission = ""
    for line in comparison.lines:
        if line.submission != submission:
            submission = line.submission
            table.add_section()
            table.add_row(f"[bold]solved by {escape(submission)}[/]")
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


def _once(comparison: Comparison) -> tuple[str, ...]:
    once = comparison.once
    return (
        "throughput is relative to nbgrader without its start-up; ms beyond its own: more than the student's process "
        "says its cells and probes took",
        f"once per run: autograde warms up in {once.warm_up:.1f} s, and its first notebook takes "
        f"{once.first_notebook:.1f} s more (the reference); nbgrader's start and end take {once.nbgrader:.1f} s",
    )


def _memory(comparison: Comparison) -> tuple[str, ...]:
    memory = comparison.memory
    own = ", ".join(f"{_megabytes(size)} ({name})" for name, size in memory.students.items())
    return (
        f"peak memory: warm server {_megabytes(memory.server)}, a student's process of its own {own}, "
        f"grader {_megabytes(memory.grader)} (with this benchmark)",
    )


def _megabytes(size: int | None) -> str:
    return "unknown" if size is None else f"{size / 2**20:.0f} MB"


def _circumstances(comparison: Comparison) -> tuple[str, ...]:
    machine = comparison.machine
    packages = ", ".join(f"{name} {version}" for name, version in machine.versions.items())
    return (
        f"isolation {machine.isolation}; {machine.cores} cores, load {machine.load:.1f}; Python {machine.python}, "
        f"{packages}",
    )
