"""What a student's process may do. Called once in each forked child, before it sees any student code.

The order matters. Descriptors go first, so that nothing opened later is missed; Landlock needs a process of
one thread; capabilities go after Landlock, as one that is kept (CAP_PERFMON) reads other processes past it;
the system calls that all this takes are refused by seccomp, which comes last. Landlock says which files,
seccomp which calls: each alone leaks (chmod and Unix sockets pass Landlock, files pass seccomp).
"""

from __future__ import annotations

import contextlib
import functools
import os
import resource
import signal
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from autograde.sandbox import landlock, privileges, seccomp

LEVELS: Final = ("unconfined", "confined", "confined+namespaces")
"""How far students' processes are kept apart, low to high."""

# Of the system: shared libraries, fonts and time zones, what the loader, torch and psutil ask of the machine.
_SYSTEM: Final = (
    "/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/usr/share/fonts", "/usr/share/zoneinfo",
    "/etc/ld.so.cache", "/etc/fonts", "/etc/localtime", "/proc/cpuinfo", "/proc/meminfo", "/proc/stat",
    "/proc/filesystems", "/proc/version", "/proc/sys/kernel", "/proc/sys/vm", "/proc/self",
    "/sys/devices/system", "/sys/kernel/mm/transparent_hugepage", "/dev/urandom", "/dev/random",
)  # fmt: skip
_DEVICES: Final = (Path("/dev/null"),)
_ADDRESS_SPACE: Final = (
    16 * 2**30
)  # reserved, not used: stacks and arenas of threads; page tables count nowhere


@dataclass(frozen=True)
class Limits:
    """Bounds of one process: bytes, numbers, seconds of processor time.

    `memory` is what it may add to the server's own. `output` (characters) and `displays` are for one cell,
    and kept by the process itself for the student's sake: the grader has bounds of its own.
    """

    memory: int
    cpu_seconds: int = 300
    file_size: int = 256 * 2**20
    open_files: int = 512
    output: int = 512 * 2**10
    displays: int = 100


def attainable() -> str:
    """Return the level that this system allows without namespaces."""
    return LEVELS[1] if landlock.version() and seccomp.available() else LEVELS[0]


def confine(limits: Limits, folder: Path, keep: frozenset[int], parent: int, level: str) -> None:
    """Confine this process to `folder` for good, keeping only the descriptors in `keep`.

    `parent` is the server's process id; this process dies with the server.

    Raises:
        OSError: the system refuses a part of it. The process must end then.

    """
    detach(keep, parent)
    _set_limits(limits)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(clean_environment(folder))
    os.umask(0o077)
    if level != LEVELS[0]:
        landlock.restrict(readable(), folder, _DEVICES)
        privileges.drop_capabilities()
        seccomp.restrict(os.getpid())


def detach(keep: frozenset[int], parent: int) -> None:
    """Leave the server's session and descriptors, but die with it."""
    os.setsid()
    privileges.die_with_parent()
    if os.getppid() != parent:  # the server died before the signal was armed
        os._exit(1)
    _close_all_but(keep)


@functools.cache
def readable() -> tuple[Path, ...]:
    """Return the files and folders a student's process may read besides its own: libraries, and no data."""
    # Not all below `sys.prefix`: an environment may have been made in the course's own folder.
    libraries = {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    return tuple(map(Path, (*_SYSTEM, *sorted(libraries))))


def clean_environment(folder: Path) -> dict[str, str]:
    """Return the whole environment of a student's process."""
    inside = {name: str(folder) for name in ("HOME", "TMPDIR", "IPYTHONDIR", "MPLCONFIGDIR", "TORCH_HOME")}
    return inside | {
        "USER": "student",
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "PYTHONHASHSEED": "0",
        "NBGRADER_EXECUTION": "autograde",  # as nbgrader tells cells that a run is no student's own
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "JOBLIB_MULTIPROCESSING": "0",  # scikit-learn would warn that it cannot
        "CUDA_VISIBLE_DEVICES": "",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    }


def _close_all_but(keep: frozenset[int]) -> None:
    previous = 2
    for descriptor in sorted(keep | {resource.getrlimit(resource.RLIMIT_NOFILE)[0]}):
        os.closerange(previous + 1, descriptor)
        previous = max(previous, descriptor)


def _set_limits(limits: Limits) -> None:
    private, reserved = memory_in_use()
    bounds = {
        "CORE": (0, 0),
        "FSIZE": (limits.file_size, limits.file_size),
        "NOFILE": (limits.open_files, limits.open_files),
        "DATA": (private + limits.memory, private + limits.memory),
        "AS": (reserved + limits.memory + _ADDRESS_SPACE, reserved + limits.memory + _ADDRESS_SPACE),
        "STACK": (8 * 2**20, 8 * 2**20),
        "MSGQUEUE": (0, 0),
        "SIGPENDING": (1024, 1024),  # timers, of which a user has one stock for all processes
        # First a signal that tells what happened; one that is ignored is followed by the end.
        "CPU": (limits.cpu_seconds, limits.cpu_seconds + 2),
    }
    for name, (soft, hard) in bounds.items():
        kind = getattr(resource, f"RLIMIT_{name}", None)
        if kind is None:  # macOS has fewer
            continue
        present = resource.getrlimit(kind)[1]
        if present != resource.RLIM_INFINITY:
            soft, hard = min(soft, present), min(hard, present)
        resource.setrlimit(kind, (soft, hard))
    # Writing past the limit is then an OSError in the student's code, not the end of the process.
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    with contextlib.suppress(OSError):  # if memory runs out, this process goes first
        Path("/proc/self/oom_score_adj").write_text("1000", "ascii")


def memory_in_use() -> tuple[int, int]:
    """Return this process's private memory and address space in bytes; 0 where the system does not say."""
    try:
        pages = Path("/proc/self/statm").read_text("ascii").split()
    except OSError:
        return 0, 0
    return int(pages[5]) * resource.getpagesize(), int(pages[0]) * resource.getpagesize()
