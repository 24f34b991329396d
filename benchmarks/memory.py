"""How much memory the processes of a grading run take, as Linux tells it; None where it does not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from autograde.sandbox.confine import Limits
from autograde.sandbox.warm import Forked, WarmServer
from benchmarks.floor import replay
from benchmarks.recording import Recording, Task, session_of


class WatchedServer(WarmServer):
    """A warm server that tells which student's process it forked last."""

    student = 0

    def fork(self, folder: Path, limits: Limits, seed: int) -> Forked:
        """Fork a student's process."""
        forked = super().fork(folder, limits, seed)
        self.student = forked.pid
        return forked


@dataclass(frozen=True)
class Memory:
    """Bytes: peaks of the server and of this process, and the most that a student's had for itself.

    This process holds a grader and the benchmark; students' processes are looked at after each step.
    """

    server: int | None
    grader: int | None
    students: Mapping[str, int | None]


def measure_memory(task: Task, recordings: Mapping[str, Recording], server: WatchedServer) -> Memory:
    """Run every recording once more, and look at the processes on the way."""
    students = {name: _largest(task, recordings[name], server) for name in task.submissions}
    with session_of(task, server) as session:
        session.run_cell("")
        parent = _number(f"{server.student}/status", "PPid")
    return Memory(_peak(str(parent)), _peak("self"), students)


def _largest(task: Task, recording: Recording, server: WatchedServer) -> int | None:
    sizes: list[int | None] = []
    with session_of(task, server) as session:
        replay(session, recording, lambda: sizes.append(_private(server.student)))
    return max((size for size in sizes if size is not None), default=None)


def _private(pid: int) -> int | None:
    """Return the bytes that a process shares with no other."""
    parts = [_number(f"{pid}/smaps_rollup", name) for name in ("Private_Clean", "Private_Dirty")]
    known = [part for part in parts if part is not None]
    return 1024 * sum(known) if len(known) == len(parts) else None


def _peak(process: str) -> int | None:
    size = _number(f"{process}/status", "VmHWM")
    return None if size is None else 1024 * size


def _number(file: str, name: str) -> int | None:
    """Return a number of a file in /proc, None if the system does not say it."""
    try:
        found = re.search(rf"^{name}:\s+(\d+)", (Path("/proc") / file).read_text("ascii"), re.MULTILINE)
    except OSError:
        return None
    return int(found[1]) if found else None
