"""The grader's handle on the warm server: start it, fork a student's process, end one, stop it."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from autograde.errors import ServerError
from autograde.sandbox import wire
from autograde.sandbox.answers import CellRun, Output, add_output, read_run
from autograde.sandbox.channel import Channel
from autograde.sandbox.confine import Limits

START_SECONDS = 300.0  # the first import of torch from a cold disk can take a minute
ANSWER_SECONDS = 60.0

# OpenMP and BLAS read these when they are loaded; one thread each, or a forked process hangs in its first
# parallel operation. Nothing else of the grader's environment reaches the server.
_ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "CUDA_VISIBLE_DEVICES": "",
    "PYTHONHASHSEED": "0",
    "LANG": "C.UTF-8",
    "PATH": "/usr/bin:/bin",
    # Student code must meet the same warnings wherever the grader was started.
    "PYTHONWARNINGS": "default",
}


@dataclass(frozen=True)
class Forked:
    """A student's process: its number and the channel to it."""

    pid: int
    channel: Channel

    def pause(self, *, ended: bool = False) -> None:
        """Stop the process, or with `ended` let it go on: between requests it has nothing to do.

        Its number is its own until the server is told to end it.
        """
        with contextlib.suppress(OSError):  # it has ended
            os.kill(self.pid, signal.SIGCONT if ended else signal.SIGSTOP)


class ForkServer:
    """The grader's end of a server that forks students' processes."""

    fresh = True  # whether its processes begin before the first cell

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection
        self._control = Channel(connection)
        self.isolation = ""
        self.versions: dict[str, str] = {}

    def wait(self) -> None:
        """Wait until the server is warm; `isolation` and `versions` are known then.

        Raises:
            ServerError: it could not start.

        """
        if not self.isolation:
            self._greeted(self._receive(START_SECONDS))

    def _greeted(self, ready: dict[str, Any]) -> None:
        self.versions = ready["versions"]
        self.isolation = ready["isolation"]

    def fork(self, folder: Path, limits: Limits, seed: int) -> Forked:
        """Fork a student's process that works in `folder`.

        Raises:
            ServerError: the server is gone or cannot fork.

        """
        self.wait()
        request = {"folder": str(folder), "limits": asdict(limits)}
        ours, pid = self._fork({"do": "fork", "seed": seed if self.fresh else None} | request)
        forked = Forked(pid, Channel(ours))
        try:
            first = wire.decode(forked.channel.receive(time.monotonic() + ANSWER_SECONDS))
        except wire.WireError as error:
            self.end(forked)
            raise ServerError(f"the student's process did not start: {error}") from error
        if first.get("is") != "confined":
            self.end(forked)
            raise ServerError(f"the student's process could not be confined: {first.get('text')}")
        return forked

    def end(self, forked: Forked, grace: float = 0.0) -> int | None:
        """End a student's process, and return its exit code if it ends by itself (negative: a signal).

        `grace` is how many seconds it may take for that.

        Raises:
            ServerError: the server is gone.

        """
        forked.channel.close()
        code = self._ask({"do": "end", "pid": forked.pid, "grace": grace}, "ended")["code"]
        return None if code is None else int(code)

    def branch(
        self, cells: Sequence[str], folder: Path, seed: int, limits: Limits, *, images: bool = False
    ) -> Branch:
        """Fork a server that has run `cells` in `folder`, with plots drawn if `images`.

        Raises:
            ServerError: the server is gone or cannot fork, or the cells do not come to an end.

        """
        self.wait()
        request = {"do": "branch", "folder": str(folder), "seed": seed if self.fresh else None}
        connection, pid = self._fork(request)
        branch = Branch(connection, self, pid)
        try:
            branch.run(cells, limits, images=images)
        except ServerError:
            branch.close()
            raise
        return branch

    def _ask(self, request: dict[str, Any], expected: str) -> dict[str, Any]:
        try:
            self._control.send(wire.encode(request), time.monotonic() + ANSWER_SECONDS)
        except wire.WireError as error:
            raise ServerError(f"{self._ended()}: {error}") from error
        return self._receive(ANSWER_SECONDS, expected)

    def _receive(self, seconds: float, expected: str = "ready") -> dict[str, Any]:
        try:
            answer = wire.decode(self._control.receive(time.monotonic() + seconds))
        except wire.WireError as error:
            raise ServerError(f"{self._ended()}: {error}") from error
        if answer["is"] != expected:
            raise ServerError(str(answer.get("text", answer)))
        return dict(answer)

    def _fork(self, request: dict[str, Any]) -> tuple[socket.socket, int]:
        """Have a process forked; return our end of its socket and its number."""
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                self._ask(request, "send")
                socket.send_fds(self._socket, [b"\0"], [theirs.fileno()])
                return ours, self._receive(ANSWER_SECONDS, "forked")["pid"]
            except ServerError:
                ours.close()
                raise

    def _ended(self) -> str:
        return "the server does not answer"


class Branch(ForkServer):
    """A server forked from the warm one that has run some of the instructor's own cells.

    Its processes go on after these cells, as if they had run them themselves. Nothing a student wrote may be
    among the cells, and all its processes can read what the cells hold: where students' submissions are to
    go on, the cells are of the released notebook.

    `runs` says how each cell ran. `obstacle` says why a process that goes on from here might differ from
    one that had run the cells itself, and is empty if nothing speaks for it.
    """

    fresh = False

    def __init__(self, connection: socket.socket, server: ForkServer, pid: int) -> None:
        super().__init__(connection)
        self._server = server
        self._pid = pid
        self.runs: tuple[CellRun, ...] = ()
        self.obstacle = ""

    def run(self, cells: Sequence[str], limits: Limits, *, images: bool) -> None:
        """Have it run its cells, once.

        They go to the branch alone: what the warm server ever held, every student's process holds too.

        Raises:
            ServerError: the branch is gone.

        """
        order = {"cells": list(cells), "limits": asdict(limits), "images": images}
        try:
            self._control.send(wire.encode(order), time.monotonic() + ANSWER_SECONDS)
        except wire.WireError as error:
            raise ServerError(f"{self._ended()}: {error}") from error
        self.wait()

    def _greeted(self, ready: dict[str, Any]) -> None:
        super()._greeted(ready)
        self.obstacle = ready["obstacle"]
        self.runs = tuple(_run_of(run) for run in ready["runs"])

    @property
    def problem(self) -> str:
        """What went wrong in the first cell that did not end well; "" if all did."""
        return next((run.problem for run in self.runs if not run.fine), "")

    def close(self) -> None:
        """End it with all its processes."""
        with contextlib.suppress(ServerError):  # if the warm server is gone, so are its branches
            self._server.end(Forked(self._pid, self._control), grace=ANSWER_SECONDS / 10)


class WarmServer(ForkServer):
    """A server process that has imported torch and forks students' processes.

    Starting returns at once; the first fork waits until the server is warm. Use as a context manager. With
    `practice`, processes are forked even where the system cannot confine them.
    """

    program: Sequence[str] = ("-m", "autograde.sandbox.server")
    """What Python is told to run."""

    def __init__(self, *, practice: bool = False) -> None:
        """Hold nothing yet: the process starts when the context is entered."""
        self._practice = practice

    def __enter__(self) -> Self:
        ours, theirs = socket.socketpair()
        super().__init__(ours)
        self._log = tempfile.TemporaryFile()  # closed in __exit__
        self._home = tempfile.TemporaryDirectory(prefix="autograde-home-")
        mode = ["practice"] if self._practice else []
        self._process = subprocess.Popen(
            [sys.executable, "-I", *self.program, str(theirs.fileno()), *mode],
            cwd=self._home.name,
            env=_ENVIRONMENT | {"HOME": self._home.name, "MPLCONFIGDIR": font_cache()},
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._log,
            start_new_session=True,  # Ctrl-C reaches the grader alone, which then ends the server
        )
        theirs.close()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._control.close()  # the server sees it and ends its processes and itself
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()
        self._home.cleanup()

    def _ended(self) -> str:
        try:
            code = self._process.wait(1)
        except subprocess.TimeoutExpired:
            return "the warm server does not answer"
        self._log.seek(0)
        last = self._log.read().decode("utf-8", "replace").strip().splitlines()[-1:] or ["no message"]
        return f"the warm server ended with code {code} ({last[0][:300]}); see `autograde doctor`"


def _run_of(run: dict[str, Any]) -> CellRun:
    outputs: list[Output] = []
    for output in run["outputs"]:
        add_output(outputs, output)
    return read_run(run, outputs)


def font_cache() -> str:
    """Return the folder where matplotlib keeps its list of fonts, to be made once per user, not per run."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    folder = Path(base) / "autograde" / "matplotlib"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return ""
    return str(folder)
