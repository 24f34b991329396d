"""What cannot work while a notebook is graded: it says so in words, and the run goes on where it can.

None of this confines anything: the kernel does, whatever student code puts in place of these.
"""

from __future__ import annotations

import builtins
import errno
import functools
import getpass
import inspect
import shutil
import sys
import warnings
from collections.abc import Callable
from typing import Any, Final, NoReturn

import torch._dynamo
from IPython.core.error import StdinNotImplementedError
from torch.utils.data import DataLoader

_PROGRAMS: Final = "a notebook cannot start other programs or processes while it is graded"
_NETWORK: Final = "a notebook has no network while it is graded"
_STARTS = (
    "subprocess.Popen", "os.system", "os.fork", "os.forkpty", "os.exec", "os.spawn", "os.posix_spawn",
    "pty.spawn",
)  # fmt: skip
_CALLS = ("socket.getaddrinfo", "socket.gethostbyname", "socket.connect", "socket.bind")
_REFUSED: Final = dict.fromkeys(_STARTS, _PROGRAMS) | dict.fromkeys(_CALLS, _NETWORK)
"""Events that Python tells of before it asks the system, and why it would say no."""


def install() -> None:
    """Put all of them in place but for `refuse`, for the rest of this process and those forked from it."""
    builtins.input = refuse_input
    getpass.getpass = refuse_input  # type: ignore[assignment]
    # `shutil.copy` goes on to set a copy's mode and times, which is refused.
    shutil.copymode = _leave_mode  # type: ignore[assignment]
    shutil.copystat = _leave_mode  # type: ignore[assignment]
    DataLoader.__init__ = _without_workers(DataLoader.__init__)  # type: ignore[method-assign]
    # `torch.compile` would wait in vain for a compiler; code that is not compiled gives the same results.
    torch._dynamo.config.disable = True


def refuse() -> None:
    """Refuse in words, from now on, what the system would refuse."""
    sys.addaudithook(_refuse)


class Watch:
    """Notes whether trusted cells do what is refused to a student's process."""

    def __init__(self) -> None:
        """Watch until told to stop: Python has no way to take a hook out again."""
        self.seen = ""
        self._watching = True
        sys.addaudithook(self._note)

    def _note(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self._watching and event in _REFUSED:
            self.seen = event

    def stop(self) -> None:
        """Note nothing any more."""
        self._watching = False


def refuse_input(prompt: object = "") -> NoReturn:
    """Stand in for `input` and `getpass`: nobody is there to type."""
    __tracebackhide__ = True  # the student's own line is what matters
    raise StdinNotImplementedError(
        "input() does not work while a notebook is graded: give the value in the code."
    )


def program_note(command: str) -> str:
    """Return what is shown in place of a `!command`, or of a cell that a program would run."""
    first = " ".join(command.replace(sys.executable, "python").split())[:80]
    note = f"[not run: {first!r}: {_PROGRAMS}"
    if "pip" in first or "conda" in first:
        note += "; the packages are those of the course"
    return note + "]\n"


def explain(error: BaseException, memory: int) -> None:
    """Add to an error that a limit caused which limit it was; `memory` is in bytes."""
    told = f"{error}" if isinstance(error, RuntimeError) else ""
    if isinstance(error, MemoryError) or "can't allocate memory" in told:
        error.add_note(f"While it is graded, a notebook may use {memory // 2**20} MB of memory.")
    elif isinstance(error, OSError) and error.errno == errno.EFBIG:
        error.add_note("While it is graded, a notebook may not write files as large as this.")


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    reason = _REFUSED.get(event)
    if reason is not None:
        raise PermissionError(errno.EPERM, reason)


def _leave_mode(source: object, target: object, *, follow_symlinks: bool = True) -> None:
    """Stand in for `shutil.copymode` and `shutil.copystat`."""


def _without_workers(build: Callable[..., None]) -> Callable[..., None]:
    """Return `DataLoader.__init__` for a process that can start no workers."""
    signature = inspect.signature(build)

    @functools.wraps(build)
    def init(self: Any, *arguments: Any, **options: Any) -> None:
        given = signature.bind(self, *arguments, **options)
        if given.arguments.get("num_workers"):
            told = "DataLoader runs without workers while a notebook is graded, as with num_workers=0."
            warnings.warn(told, stacklevel=2)
            for name in _OF_WORKERS:
                given.arguments.pop(name, None)
        build(*given.args, **given.kwargs)

    return init


_OF_WORKERS: Final = (
    "num_workers", "prefetch_factor", "persistent_workers", "multiprocessing_context", "timeout",
)  # fmt: skip
