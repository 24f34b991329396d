"""What confinement costs: the same warm server with and without it, side by side."""

from __future__ import annotations

import time
from dataclasses import dataclass
from statistics import median

from autograde.sandbox.session import Session
from autograde.sandbox.warm import WarmServer
from benchmarks.recording import session_of
from benchmarks.tasks import Task

_ROUNDS = 40


class OpenServer(WarmServer):
    """A warm server whose processes are limited, but not confined, as on a system that cannot."""

    program = (
        "-c",
        "from autograde.sandbox import confine, server; confine.attainable = lambda: confine.LEVELS[0]; "
        "server.main()",
    )

    def __init__(self) -> None:
        super().__init__(practice=True)


@dataclass(frozen=True)
class Confinement:
    """Seconds that a process takes from fork to end with an empty cell, and what confinement adds to that."""

    without: float
    added: float
    rounds: int = _ROUNDS


def measure_confinement(task: Task, confined: WarmServer, unconfined: WarmServer) -> Confinement:
    """Open and close a process of each server in turn, and compare those that followed each other."""
    pairs = []
    for number in range(_ROUNDS):
        order = (confined, unconfined) if number % 2 else (unconfined, confined)
        taken = {id(server): _seconds(session_of(task, server)) for server in order}
        pairs.append((taken[id(unconfined)], taken[id(confined)]))
    return Confinement(median(bare for bare, _ in pairs), median(more - bare for bare, more in pairs))


def _seconds(session: Session) -> float:
    started = time.perf_counter()
    with session:
        session.run_cell("")
    return time.perf_counter() - started
