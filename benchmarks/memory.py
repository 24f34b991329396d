"""How much memory processes take, as Linux tells it; None where it does not."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil  # type: ignore[import-untyped]

from autograde.sandbox.confine import Limits
from autograde.sandbox.warm import Forked, WarmServer
from benchmarks.floor import replay
from benchmarks.recording import Recording, session_of
from benchmarks.tasks import Task

SERVERS = WarmServer.program[1:]
_EVERY = 0.05  # seconds between two looks


class WatchedServer(WarmServer):
    """A warm server that tells its number, and which student's process it forked last."""

    student = 0

    @property
    def pid(self) -> int:
        """The server's process."""
        return self._process.pid

    def fork(self, folder: Path, limits: Limits, seed: int) -> Forked:
        """Fork a student's process."""
        forked = super().fork(folder, limits, seed)
        self.student = forked.pid
        return forked


class Watch:
    """Looks at a process and all that it started, again and again; use as a context manager.

    `peak` is how many bytes they had together at most, what they share counted once; None if nobody was seen.
    With 0 for a process it does not look.
    """

    def __init__(self, pid: int) -> None:
        self.peak: int | None = None
        self._pid = pid
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        if self._pid:
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        if self._pid:
            self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(_EVERY):
            self.peak = max(self.peak or 0, together(self._pid)) or None


def together(pid: int) -> int:
    """Return the bytes of a process and all that it started, what they share counted once."""
    return sum(_figure(process, "pss") or 0 for process in tree(pid))


def tree(pid: int) -> Iterator[psutil.Process]:
    """Yield a process and all that it started and that are still there."""
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        yield process
        yield from process.children(recursive=True)


def warm_servers() -> list[psutil.Process]:
    """Return the warm servers of this process and of what it started; what they forked does not count."""
    found = {one.pid: one for one in tree(os.getpid()) if any(word in SERVERS for word in _command(one))}
    return [one for one in found.values() if one.ppid() not in found]


def _command(process: psutil.Process) -> list[str]:
    try:
        return list(process.cmdline())
    except psutil.Error:
        return []


def own(pid: int) -> int | None:
    """Return the bytes that a process shares with no other."""
    return _figure(psutil.Process(pid), "uss")


def _figure(process: psutil.Process, name: str) -> int | None:
    try:
        return int(getattr(process.memory_full_info(), name))
    except (psutil.Error, AttributeError):
        return None


def students_memory(
    task: Task, recordings: Mapping[str, Recording], server: WatchedServer
) -> dict[str, int | None]:
    """Run every recording once more; return the most bytes that each student's process had for itself.

    The processes are looked at after each step.
    """
    return {name: _largest(task, recordings[name], server) for name in task.submissions}


def _largest(task: Task, recording: Recording, server: WatchedServer) -> int | None:
    sizes: list[int | None] = []
    with session_of(task, server) as session:
        replay(session, recording, lambda: sizes.append(own(server.student)))
    return max((size for size in sizes if size is not None), default=None)
