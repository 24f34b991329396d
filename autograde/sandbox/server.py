"""The warm server: imports all that student code needs once, and forks one confined process per session.

Run as `python -I -m autograde.sandbox.server DESCRIPTOR [practice]`; the descriptor is one end of a socket
pair whose other end `autograde.sandbox.warm` holds. It never runs student code itself, and ends when that end
closes. Where the system cannot confine its processes it forks none, unless "practice" is asked for.
"""

from __future__ import annotations

import contextlib
import gc
import importlib.metadata
import io
import os
import random
import signal
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from autograde.sandbox import confine, wire
from autograde.sandbox.channel import Channel, Closed
from autograde.sandbox.privileges import enter_namespaces

PACKAGES = ("torch", "torchvision", "numpy", "matplotlib", "ipython")


def main() -> None:
    """Warm up, then fork and end processes on request until the grader is gone."""
    control = socket.socket(fileno=int(sys.argv[1]))
    with tempfile.TemporaryDirectory(prefix="autograde-server-") as folder:
        shell = warm_up(folder)
        Server(control, shell, isolate(), practice=sys.argv[2:] == ["practice"]).serve()


def warm_up(folder: str) -> Any:
    """Import and use once what student code uses, so that a forked process need not; return the shell."""
    import matplotlib as mpl
    import torch
    import torchvision  # type: ignore[import-untyped]  # noqa: F401 # here for the forked processes

    import autograde.sandbox.child  # noqa: F401 # likewise
    from autograde.sandbox.shell import StudentShell

    torch.set_num_threads(1)
    mpl.use("module://matplotlib_inline.backend_inline")
    shell = StudentShell.build(folder)
    shell.run_line_magic("matplotlib", "inline")
    _use_torch(torch)
    _use_plots()
    with contextlib.redirect_stdout(io.StringIO()):
        shell.run("import torch\n_ = torch.ones(1)\n_")
        shell.run("1 / 0")
    shell.reset(new_session=True)  # type: ignore[no-untyped-call]
    shell.close_loop()
    shell.execution_count = 1
    hide_package_path()
    return shell


def isolate() -> str:
    """Prepare for confining processes, and return the level that each will have."""
    level = confine.attainable()
    confine.readable()  # worked out once, for all of them
    if level != confine.LEVELS[0] and thread_count() == 1 and enter_namespaces():
        level = confine.LEVELS[-1]
    return level


def _use_torch(torch: Any) -> None:
    # The first step of any optimizer imports a compiler's machinery: seconds, here paid once.
    layers = [torch.nn.Conv2d(1, 2, 3), torch.nn.Flatten(), torch.nn.Linear(8, 2)]
    model = torch.nn.Sequential(*layers)
    for optimizer in (torch.optim.SGD, torch.optim.Adam, torch.optim.RMSprop):
        stepper = optimizer(model.parameters(), lr=0.01)
        stepper.zero_grad()
        target = torch.zeros(3, dtype=torch.long)
        torch.nn.functional.cross_entropy(model(torch.randn(3, 1, 4, 4)), target).backward()
        stepper.step()


def _use_plots() -> None:
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots()
    axes.plot([1, 2], label="a")
    axes.legend()
    figure.savefig(io.BytesIO(), format="png")
    plt.close("all")


class Server:
    """Forks student processes and ends them, one request at a time."""

    def __init__(self, control: socket.socket, shell: Any, level: str, *, practice: bool) -> None:
        self._socket = control
        self._control = Channel(control)
        self.shell = shell
        self.level = level
        self.practice = practice
        self._running: set[int] = set()

    def serve(self, report: dict[str, Any] | None = None) -> None:
        """Tell that it is ready, and what else `report` holds; answer requests until the grader is gone.

        Then every process that is left is ended.
        """
        gc.collect()
        gc.freeze()  # a collection in a child then leaves the shared pages alone
        versions = {name: importlib.metadata.version(name) for name in PACKAGES}
        ready = {"is": "ready", "versions": versions, "isolation": self.level}
        self._reply(ready | (report or {}))
        with contextlib.suppress(Closed):
            while True:
                request = wire.decode(self._control.receive())
                match request.pop("do"):
                    case "fork":
                        self._reply(self._fork(run_child, request))
                    case "branch":
                        self._reply(self._fork(run_branch, request))
                    case _:
                        self._reply(self._end(**request))
        for pid in tuple(self._running):
            self._end(pid)

    def _reply(self, answer: dict[str, Any]) -> None:
        self._control.send(wire.encode(answer))

    def _fork(self, run: Callable[..., None], request: dict[str, Any]) -> dict[str, Any]:
        self._reply({"is": "send"})
        descriptors = socket.recv_fds(self._socket, 1, 1)[1]
        if problem := self._obstacle():
            os.close(descriptors[0])
            return {"is": "failed", "text": problem}
        parent, drawn = os.getpid(), random.getstate()
        try:
            pid = os.fork()
        except OSError as error:
            os.close(descriptors[0])
            return {"is": "failed", "text": f"the system cannot start another process: {error}"}
        if pid == 0:
            random.setstate(drawn)  # Python seeds this one generator anew after a fork
            run(descriptors[0], request, parent, self)
        os.close(descriptors[0])
        self._running.add(pid)
        return {"is": "forked", "pid": pid}

    def _obstacle(self) -> str:
        """Return why no process can be forked, or ""."""
        if thread_count() != 1:  # a forked copy of a threaded process can hang for ever
            return f"the warm server has {thread_count()} threads instead of one"
        if self.level == confine.LEVELS[0] and not self.practice:
            return "this system cannot confine students' processes"
        return ""

    def _end(self, pid: int, grace: float = 0.0) -> dict[str, Any]:
        """End a process; one that is ending by itself has `grace` seconds, which tells how it ended."""
        if pid not in self._running:
            return {"is": "failed", "text": f"no process {pid} of this server"}
        # Not yet reaped, so the number still belongs to this child, dead or alive.
        deadline = time.monotonic() + grace
        ended, status = os.waitpid(pid, os.WNOHANG)
        while not ended and time.monotonic() < deadline:
            time.sleep(0.001)
            ended, status = os.waitpid(pid, os.WNOHANG)
        if not ended:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        self._running.discard(pid)
        return {"is": "ended", "code": os.waitstatus_to_exitcode(status) if ended else None}


def run_child(descriptor: int, request: dict[str, Any], parent: int, server: Server) -> None:
    """Become the student's process: confine, serve the grader, end without any cleaning up."""
    from autograde.sandbox.child import Child

    channel = Channel(socket.socket(fileno=descriptor))
    with _ending(channel):
        silence()
        limits = confine.Limits(**request["limits"])
        confine.confine(limits, Path(request["folder"]), frozenset({descriptor}), parent, server.level)
        channel.send(wire.encode({"is": "confined"}))
        Child(channel, server.shell, limits, request["seed"]).serve()


def run_branch(descriptor: int, request: dict[str, Any], parent: int, server: Server) -> None:
    """Become a server that has run the instructor's own cells, and forks processes that go on from there."""
    connection = socket.socket(fileno=descriptor)
    channel = Channel(connection)
    with _ending(channel):
        silence()
        confine.detach(frozenset({descriptor}), parent)
        os.environ.update(confine.clean_environment(Path(request["folder"])))
        os.chdir(request["folder"])
        report = run_trusted(server.shell, wire.decode(channel.receive()), request["seed"])
        Server(connection, server.shell, server.level, practice=server.practice).serve(report)


def run_trusted(shell: Any, order: dict[str, Any], seed: int | None) -> dict[str, Any]:
    """Run cells of the instructor's own; return how each ran, and why no process should go on from here."""
    from autograde.sandbox.child import Cells
    from autograde.sandbox.stand_ins import Watch

    outputs: list[dict[str, Any]] = []
    cells = Cells(shell, confine.Limits(**order["limits"]), outputs.append)
    if seed is not None:
        cells.begin(seed)
    watch = Watch()
    runs = []
    for source in order["cells"]:
        outputs.clear()
        answer = cells.run(source, muted=False, images=order["images"])
        runs.append(answer | {"outputs": list(outputs)})
    watch.stop()
    shell.close_loop()
    return {"runs": runs, "obstacle": _obstacle_after(shell.user_ns, watch.seen)}


def _obstacle_after(names: dict[str, Any], refused: str) -> str:
    """Return what would make a process that goes on from here differ from one that ran the cells itself."""
    if refused:
        return f"a cell does what is refused to a student's process ({refused})"
    if thread_count() != 1:
        return "a cell has left a thread behind"
    here = str(Path.cwd())
    values = [value for name, value in names.items() if not name.startswith("_")]
    values += [inner for value in values for inner in getattr(value, "__dict__", {}).values()]
    if any(isinstance(value, str | os.PathLike) and here in str(value) for value in values):
        return "a cell keeps the path of its working folder"
    return ""


@contextlib.contextmanager
def _ending(channel: Channel) -> Iterator[None]:
    """End the process after the block, without any cleaning up; tell the grader if the block failed."""
    code = 70
    try:
        yield
        code = 0
    except BaseException as error:
        with contextlib.suppress(Exception):
            channel.send(wire.encode({"is": "broken", "text": repr(error)[:500]}))
    finally:
        os._exit(code)


def silence() -> None:
    """Point the standard descriptors at nothing."""
    null = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)


def thread_count() -> int:
    """Return how many threads this process has, as the system counts them where it says."""
    try:
        return sum(1 for _ in Path("/proc/self/task").iterdir())
    except OSError:
        return threading.active_count()


def hide_package_path() -> None:
    """Take the folder this package lies in off the import path, unless it is the installed packages' own."""
    home = str(Path(__file__).resolve().parents[2])
    if not home.endswith(("site-packages", "dist-packages")):
        sys.path[:] = [entry for entry in sys.path if entry != home]


if __name__ == "__main__":
    main()
