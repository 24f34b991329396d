"""What grading has to reach, next to what was measured."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.class_run import ClassRun
from benchmarks.comparison import Comparison
from benchmarks.kit import RECORDED, SHARED, UNSHARED
from benchmarks.whole import Whole

_MEGABYTE = 2**20


@dataclass(frozen=True)
class Target:
    """What is wanted at least or at most, and what was measured: the worst where there are several."""

    what: str
    bound: float
    measured: float
    least: bool = False

    @property
    def reached(self) -> bool:
        """Whether the bound is kept."""
        return self.measured >= self.bound if self.least else self.measured <= self.bound


def targets(
    comparison: Comparison | None, whole: Whole | None, class_run: ClassRun | None
) -> tuple[Target, ...]:
    """Return the targets that these measurements tell of."""
    return (
        *(_of_notebook(comparison) if comparison is not None else ()),
        *(_of_submission(whole) if whole is not None else ()),
        *(_of_class(class_run) if class_run is not None else ()),
    )


def _of_notebook(comparison: Comparison) -> Iterator[Target]:
    """Yield the targets of one notebook, with all that is written for it; throughput is of shared runs."""
    unshared = [line for line in comparison.lines if line.way == RECORDED.format(way=UNSHARED)]
    shared = [line for line in comparison.lines if line.way == RECORDED.format(way=SHARED)]
    beyond = [line.beyond_seconds for line in unshared if line.beyond_seconds is not None]
    yield Target("a notebook, unshared and recorded: ms beyond its own", 50, 1000 * max(beyond))
    yield Target("  times the floor", 1.15, max(line.to_floor for line in unshared))
    for other in shared[0].times:
        times = min(line.times[other] for line in shared)
        yield Target(f"  shared: times {other}'s throughput", 25, times, least=True)
    for name, size in comparison.memory.students.items():
        if size is not None:
            yield Target(f"a student's process ({name}): MB of its own", 60, size / _MEGABYTE)


def _of_submission(whole: Whole) -> Iterator[Target]:
    yield Target("a whole submission: processor seconds", 4, whole.total(SHARED).processor)


def _of_class(run: ClassRun) -> Iterator[Target]:
    yield Target("speed-up by the second worker", 1.8, run.speed_up, least=True)
    for workers, number in run.servers.items():
        yield Target(f"warm servers of {workers} worker{'s' * (workers > 1)}", workers, number)
    yield Target(f"nothing changed: seconds for {run.submissions} submissions", 2, run.unchanged)
    yield Target("  as a command: seconds, start-up included", 2, run.command)
    yield Target("a check file edited: share of a full run", 0.1, max(run.edited.values()))
    if run.endurance is not None:
        for name, growth in (("grader", run.endurance.grader), ("server", run.endurance.server)):
            yield Target(f"the {name}'s memory, last by first", 1.02, growth.last / growth.first)
