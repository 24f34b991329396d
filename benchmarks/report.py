"""What was measured, as tables and as JSON."""

from __future__ import annotations

import dataclasses
import importlib.metadata
import json
import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import median

from rich.console import Console, RenderableType
from rich.markup import escape
from rich.table import Table

from benchmarks.class_run import ClassRun
from benchmarks.comparison import Comparison
from benchmarks.kit import SHARED, UNSHARED
from benchmarks.measuring import Line
from benchmarks.otter import OTTER, installed
from benchmarks.targets import Target, targets
from benchmarks.whole import Whole

WAYS = """\
floor: the notebook's cells and probes alone, in a process forked from a warm server and confined.
autograde: what came in is repaired, run and judged; recorded: feedback, result and gradebook as well;
unshared: every process runs the notebook's first cells itself, as the floor does.
nbgrader: stock `nbgrader autograde` on the same cells and probes, without its start-up, which real runs
spread over a class; "start-up / 3": spread over the 3 submissions of this run.
otter run: a run of its own for each submission, as the command takes one; start-up included.
"x floor" is the time as a multiple of the floor's, "x nbgrader" and "x otter run" the throughput as a
multiple of theirs, each of the same round; the rest are medians. "beyond": ms that are not what the
student's process says its cells and probes took."""


@dataclass(frozen=True)
class Machine:
    """Where it was measured; `load` is that of the minute before."""

    cores: int
    load: float
    python: str
    packages: Mapping[str, str]

    @classmethod
    def here(cls) -> Machine:
        """Describe this machine."""
        names = ("torch", "nbgrader", *(("otter-grader",) if installed() else ()))
        packages = {name: importlib.metadata.version(name) for name in names}
        return cls(os.cpu_count() or 1, os.getloadavg()[0], platform.python_version(), packages)


@dataclass(frozen=True)
class Report:
    """All that was measured; None stands for a part that was not asked for."""

    machine: Machine = field(default_factory=Machine.here)
    notebook: Comparison | None = None
    submission: Whole | None = None
    class_: ClassRun | None = None

    @property
    def targets(self) -> tuple[Target, ...]:
        """What has to be reached, as far as it was measured."""
        return targets(self.notebook, self.submission, self.class_)


def as_json(report: Report) -> str:
    """Return everything that was measured; times are in seconds, memory in bytes."""
    told = dataclasses.asdict(report)
    told["class"] = told.pop("class_")
    told["targets"] = [dataclasses.asdict(one) | {"reached": one.reached} for one in report.targets]
    return json.dumps(told, indent=1)


def show(report: Report, console: Console) -> None:
    """Print the tables, and what belongs to none of them below."""
    if report.notebook is not None:
        _say(console, _comparison(report.notebook), WAYS, _beside(report.notebook))
    if report.submission is not None:
        _say(console, _whole(report.submission))
    if report.class_ is not None:
        _say(console, _class(report.class_))
    _say(console, _targets(report.targets), _machine(report.machine))


def _say(console: Console, *parts: RenderableType) -> None:
    for part in parts:
        console.print(escape(part) if isinstance(part, str) else part, highlight=False, soft_wrap=True)
    console.print()


def _table(title: str, first: str, *columns: str) -> Table:
    table = Table(title=escape(title))
    table.add_column(first, no_wrap=True)
    for column in columns:
        table.add_column(column, justify="right")
    return table


def _comparison(one: Comparison) -> Table:
    others = list(one.lines[0].times)
    faster = (f"x {other}" for other in others)
    title = f"{one.notebook}: {one.cells} cells, {one.probes} probes"
    table = _table(title, "one notebook", "ms", "x floor", "beyond", *faster, "rounds")
    previous = ""
    for line in one.lines:
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
        f"{line.to_floor:.2f}",
        "" if line.beyond_seconds is None else f"{1000 * line.beyond_seconds:,.0f}",
        *(f"{times:.3g}" for times in line.times.values()),
        str(line.samples),
    )


def _beside(one: Comparison) -> str:
    once, cost, memory = one.once, one.confinement, one.memory
    ways = ", ".join(f"{name} {_megabytes(size)}" for name, size in memory.ways.items())
    own = ", ".join(f"{_megabytes(size)} ({name})" for name, size in memory.students.items())
    absent = (
        "" if installed() else f"\n{OTTER}: otter-grader is not installed here; `make bench` installs it."
    )
    return (
        f"Once in a run: autograde warms up in {once.warm_up:.1f} s, its first notebook takes "
        f"{once.first_notebook:.1f} s more; nbgrader's start-up takes {once.nbgrader:.1f} s.\n"
        f"Confinement ({one.isolation}) adds {1000 * cost.added:.1f} ms to the {1000 * cost.without:.1f} ms "
        f"that a process takes from fork to end (medians of {cost.rounds} pairs).\n"
        f"Peak memory of all processes together: {ways}.\n"
        f"A student's process has of its own at most {own}.{absent}"
    )


def _whole(whole: Whole) -> Table:
    columns = ("s unshared", "its own", "beyond", "CPU s", "s shared", "CPU s")
    table = _table(f"A whole submission of {whole.assignment}", "notebook", *columns)
    rows = {name: (one, whole.costs[SHARED][name]) for name, one in whole.costs[UNSHARED].items()}
    for name, (bare, shared) in (rows | {"all": (whole.total(UNSHARED), whole.total(SHARED))}).items():
        if name == "all":
            table.add_section()
        unshared = (bare.seconds, bare.own, bare.seconds - bare.own, bare.processor)
        numbers = (*unshared, shared.seconds, shared.processor)
        table.add_row(escape(name), *(f"{seconds:.2f}" for seconds in numbers))
    return table


def _class(run: ClassRun) -> Table:
    table = _table(f"{run.submissions} submissions of {', '.join(run.notebooks)}", "a class", "")
    for workers in run.full:
        told = f"{median(run.full[workers]):.1f} s, {run.per_minute(workers):.0f} a minute"
        table.add_row(f"by {workers} worker{'s' * (workers > 1)}, warm-up included", told)
        table.add_row("  warm servers at once", str(run.servers[workers]))
    table.add_row("speed-up by the second worker", f"{run.speed_up:.2f} x")
    table.add_row("nothing changed", f"{run.unchanged:.2f} s")
    table.add_row("  as a command, start-up included", f"{run.command:.2f} s")
    for name, share in run.edited.items():
        table.add_row(f"check file of {escape(name)} edited", f"{share:.1%} of a full run")
    if run.endurance is not None:
        for name, growth in (("grader", run.endurance.grader), ("warm server", run.endurance.server)):
            sizes = f"{_megabytes(growth.first)} to {_megabytes(growth.last)}"
            table.add_row(f"{name}'s memory over {run.endurance.submissions} submissions", sizes)
    return table


def _targets(found: tuple[Target, ...]) -> Table:
    table = _table("Targets", "what has to be reached", "bound", "measured", "")
    for one in found:
        bound = f"{'at least' if one.least else 'at most'} {one.bound:g}"
        table.add_row(escape(one.what), bound, f"{one.measured:.3g}", "" if one.reached else "missed")
    return table


def _megabytes(size: float | None) -> str:
    return "unknown" if size is None else f"{size / 2**20:.0f} MB"


def _machine(machine: Machine) -> str:
    packages = ", ".join(f"{name} {version}" for name, version in machine.packages.items())
    text = f"Measured on {machine.cores} cores; Python {machine.python}, {packages}."
    busy = machine.load > 0.75 * machine.cores
    return (
        f"{text}\nThe machine was busy (load {machine.load:.1f}): trust ratios, not times." if busy else text
    )
