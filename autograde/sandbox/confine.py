"""What a student's process may do. Called once in each forked child, before it sees any student code.

This version limits the process (memory, file size, open files, core dumps), ties its life to the server's and
takes away what was inherited: environment, descriptors, terminal. It does not yet confine file and network
access; the level it reports says so.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

LEVEL = "unconfined"
_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38


@dataclass(frozen=True)
class Limits:
    """Bounds of one process in bytes and descriptors; `memory` is what it may add to the server's own."""

    memory: int
    file_size: int = 256 * 2**20
    open_files: int = 512


def confine(limits: Limits, folder: Path, keep: frozenset[int], parent: int) -> None:
    """Confine this process to `folder` for good, keeping only the descriptors in `keep`.

    `parent` is the server's process id; this process dies with the server.
    """
    detach(keep, parent)
    _set_limits(limits)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(clean_environment(folder))
    os.umask(0o077)


def detach(keep: frozenset[int], parent: int) -> None:
    """Leave the server's session and descriptors, but die with it."""
    os.setsid()
    _die_with(parent)
    _close_all_but(keep)


def clean_environment(folder: Path) -> dict[str, str]:
    """Return the whole environment of a student's process."""
    inside = {name: str(folder) for name in ("HOME", "TMPDIR", "IPYTHONDIR", "MPLCONFIGDIR", "TORCH_HOME")}
    return inside | {
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "PYTHONHASHSEED": "0",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "CUDA_VISIBLE_DEVICES": "",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    }


def _die_with(parent: int) -> None:
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        for option, value in ((_PR_SET_PDEATHSIG, signal.SIGKILL), (_PR_SET_NO_NEW_PRIVS, 1)):
            if libc.prctl(option, ctypes.c_ulong(value), 0, 0, 0):
                raise OSError(ctypes.get_errno(), f"prctl({option})")
    if os.getppid() != parent:  # the server died before the signal was armed
        os._exit(1)


def _close_all_but(keep: frozenset[int]) -> None:
    previous = 2
    for descriptor in sorted(keep | {resource.getrlimit(resource.RLIMIT_NOFILE)[0]}):
        os.closerange(previous + 1, descriptor)
        previous = max(previous, descriptor)


def _set_limits(limits: Limits) -> None:
    for kind, bound in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, limits.file_size),
        (resource.RLIMIT_NOFILE, limits.open_files),
        (resource.RLIMIT_DATA, private_memory() + limits.memory),
    ):
        hard = resource.getrlimit(kind)[1]
        bound = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
        resource.setrlimit(kind, (bound, bound))
    # Writing past the limit is then an OSError in the student's code, not the end of the process.
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    with contextlib.suppress(OSError):  # if memory runs out, this process goes first
        Path("/proc/self/oom_score_adj").write_text("1000", "ascii")


def private_memory() -> int:
    """Return the bytes of private memory this process counts already; 0 where the system does not say."""
    try:
        pages = Path("/proc/self/statm").read_text("ascii").split()[5]
    except OSError:
        return 0
    return int(pages) * resource.getpagesize()
