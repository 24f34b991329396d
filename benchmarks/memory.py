"""How much memory the processes of a grading run take, as Linux tells it; None where it does not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from autograde.sandbox.confine import Limits
from autograde.sandbox.warm import Forked, WarmServer
from benchmarks.floor import replay
from benchmarks.recording import Recording, Task, session_of


@dataclass
class WatchedServer(WarmServer):
    """A warm server that tells which student's process it forked last."""

    student: int = 0

    def fork(self, folder: Path, limits: Limits, output_limit: int, seed: int) -> Forked:
        """Fork a student's process."""
        forked = super().fork(folder, limits, output_limit, seed)
        self.student = forked.pid
        return forked


@dataclass(frozen=True)
class Memory:
    """Bytes: peaks of server and grader, and the most a student's process had for itself after any step.

    The grader's is that of the benchmark's own process, which holds more than a grader does.
    """

    server: int | None
    grader: int | None
    students: Mapping[str, int | None] = field(default_factory=dict)


def measure_memory(task: Task, recordings: Mapping[str, Recording], server: WatchedServer) -> Memory:
    """Run every recording once more, and look at the processes on the way."""
    parent = 0
    students = {}
    for submission in task.submissions:
        seen: list[int | None] = []
        with session_of(task, server) as session:
            replay(session, recordings[submission], lambda seen=seen: seen.append(_private(server.student)))  # type: ignore[misc]
            parent = _number(f"{server.student}/status", "PPid") or 0
        students[submission] = max((size for size in seen if size is not None), default=None)
    return Memory(_peak(str(parent)), _peak("self"), students)


def _private(pid: int) -> int | None:
    parts = [_number(f"{pid}/smaps_rollup", name) for name in ("Private_Clean", "Private_Dirty")]
    return 1024 * sum(part for part in parts if part is not None) if None not in parts else None


def _peak(process: str) -> int | None:
    size = _number(f"{process}/status", "VmHWM")
    return None if size is None else 1024 * size


def _number(file: str, name: str) -> int | None:
    try:
        found = re.search(rf"^{name}:\s+(\d+)", (Path("/proc") / file).read_text("ascii"), re.MULTILINE)
    except OSError:
        return None
    return int(found[1]) if found else None
