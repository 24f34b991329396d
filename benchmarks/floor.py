"""The floor: a submission's cells and probes alone, in a process forked from a warm server."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from autograde.sandbox.answers import Failure
from autograde.sandbox.session import Session
from autograde.sandbox.warm import WarmServer
from benchmarks.measuring import BenchmarkError, Sample
from benchmarks.recording import Cell, Recording, session_of
from benchmarks.tasks import Task

FLOOR = "floor"
OPEN_FLOOR = "floor, unconfined"


@dataclass(frozen=True)
class Floor:
    """Runs recordings: fork, cells, probes, end. Nothing is repaired, compared, collected or written."""

    task: Task
    recordings: Mapping[str, Recording]
    server: WarmServer
    way: str = FLOOR
    slow: bool = False

    def run(self) -> list[Sample]:
        """Run each submission's recording once."""
        return [self._sample(submission) for submission in self.task.submissions]

    def _sample(self, submission: str) -> Sample:
        started = time.perf_counter()
        with session_of(self.task, self.server) as session:
            replay(session, self.recordings[submission])
        return Sample(self.way, submission, time.perf_counter() - started, session.own_seconds)


def replay(session: Session, recording: Recording, after_step: Callable[[], None] = lambda: None) -> None:
    """Run a recording in a session.

    Raises:
        BenchmarkError: a cell or probe that ran when it was recorded does not run now.

    """
    for step in recording:
        if isinstance(step, Cell):
            loss = session.run_cell(step.source).loss
        else:
            answer = session.probe(step.request, step.inputs)
            loss = answer.text if isinstance(answer, Failure) else ""
        if loss:
            raise BenchmarkError(f"a cell or probe runs only at times: {loss}; run the benchmark again")
        after_step()
