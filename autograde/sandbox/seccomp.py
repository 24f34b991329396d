"""Which system calls a student's process may make: a seccomp filter, an allow-list written as BPF code.

What is in no list answers "not implemented", as on an older kernel, so libraries fall back to what is
allowed.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct
from collections.abc import Iterable, Iterator
from typing import Final

from autograde.sandbox import syscalls

Instruction = tuple[int, int, int, int]
"""One step of BPF code: what to do, how many to skip if true, if false, and a number."""

_LOAD, _AND, _RETURN = 0x20, 0x54, 0x06
_IF_EQUAL, _IF_MORE, _IF_AT_LEAST, _IF_ANY = 0x15, 0x25, 0x35, 0x45
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16  # offsets in the kernel's `struct seccomp_data`
_SET_MODE_FILTER, _GET_ACTION_AVAILABLE = 1, 2

# CLONE_VM, FILES, SIGHAND and THREAD: a thread of this process, with its descriptors and not its own, which
# neither the limit nor the grader would count. The other bits: PTRACE and all new namespaces.
_THREAD: Final = 0x00010D00
_CLONE_BITS: Final = _THREAD | 0x00002000 | 0x7E020000
_SHARED_NOWHERE: Final = 0x21  # MAP_SHARED and MAP_ANONYMOUS: memory that no limit counts
_UNCOUNTED: Final = 0x40100  # MAP_HUGETLB, and MAP_GROWSDOWN: to the system that is a stack, and no data
_AF_UNIX, _SOCK_STREAM, _SOCK_TYPE = 1, 1, 0xF
# O_TRUNC for reading, or for neither reading nor writing: before Linux 6.2 Landlock asks no right of it.
_CUT_OFF: Final = (0x200, 0x203)
# Dup, flags, locks, the size of a pipe; not F_SETOWN, F_SETSIG, F_SETLEASE, F_NOTIFY, F_SETPIPE_SZ.
_FCNTL: Final = (0, 1, 2, 3, 4, 5, 6, 7, 36, 37, 38, 1030, 1032)
# TCGETS, TIOCGPGRP, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX: what `isatty` and the like ask.
_IOCTL: Final = (0x5401, 0x540F, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)
# Nothing, CLOEXEC; not UNSHARE, which gives a thread descriptors of its own.
_CLOSE_RANGE: Final = (0, 4)
# PDEATHSIG, DUMPABLE, KEEPCAPS, NAME, SECCOMP, bounding set, NO_NEW_PRIVS to be read; NAME and, for the names
# of memory areas, VMA to be set.
_PRCTL: Final = (2, 3, 7, 15, 16, 21, 23, 39, 0x53564D41)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_char_p))


def available() -> bool:
    """Whether this kernel has seccomp filters."""
    if not syscalls.supported():
        return False
    try:
        return syscalls.call("seccomp", _GET_ACTION_AVAILABLE, 0, ctypes.c_uint(_ERRNO)) == 0
    except OSError:
        return False


def restrict(pid: int) -> None:
    """Put the policy in force for this process, whose id is `pid`, for good; it must have one thread.

    Raises:
        OSError: the kernel refuses.

    """
    code = policy(pid)
    syscalls.call("seccomp", _SET_MODE_FILTER, 0, _Program(len(code) // 8, code))


def policy(pid: int, machine: str = "") -> bytes:
    """Return the filter for the process with that id, on this machine's architecture or another."""
    machine = machine or platform.machine()
    own = _own_rules(pid)
    conditional = syscalls.numbers(syscalls.CONDITIONAL, machine)
    code: list[Instruction] = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_IF_EQUAL, 1, 0, syscalls.ARCHITECTURES[machine][1]),
        (_RETURN, 0, 0, _KILL),  # 32-bit calls have other numbers
        (_LOAD, 0, 0, _NUMBER),
    ]
    for name, number in conditional.items():
        code += [(_IF_EQUAL, 0, len(own[name]), number), *own[name]]
    code += _among(syscalls.numbers(syscalls.ALLOWED, machine).values(), _ALLOW)
    code += _among(syscalls.numbers(syscalls.REFUSED, machine).values(), _ERRNO | errno.EPERM)
    code.append((_RETURN, 0, 0, _ERRNO | errno.ENOSYS))
    return b"".join(struct.pack("=HBBI", *step) for step in code)


def _own_rules(pid: int) -> dict[str, list[Instruction]]:
    """Return, for each conditional call, what decides by its arguments; every path returns."""
    stream = [
        (_LOAD, 0, 0, _low(0)), (_IF_EQUAL, 0, 4, _AF_UNIX),
        (_LOAD, 0, 0, _low(1)), (_AND, 0, 0, _SOCK_TYPE), (_IF_EQUAL, 0, 1, _SOCK_STREAM),
        *_verdicts(errno.EPERM),
    ]  # fmt: skip
    memory = [
        (_LOAD, 0, 0, _low(3)), (_IF_ANY, 3, 0, _UNCOUNTED),
        (_AND, 0, 0, _SHARED_NOWHERE), (_IF_EQUAL, 1, 0, _SHARED_NOWHERE),
        *_verdicts(errno.ENOMEM),
    ]  # fmt: skip
    no_address = [
        (_LOAD, 0, 0, _low(4)), (_IF_EQUAL, 0, 3, 0), (_LOAD, 0, 0, _low(4) + 4), (_IF_EQUAL, 0, 1, 0),
        *_verdicts(errno.EPERM),
    ]  # fmt: skip
    thread = [
        (_LOAD, 0, 0, _low(0)), (_AND, 0, 0, _CLONE_BITS), (_IF_EQUAL, 0, 1, _THREAD),
        *_verdicts(errno.EPERM),
    ]  # fmt: skip

    def opening(flags: int) -> list[Instruction]:
        cut, cut_unopened = _CUT_OFF
        return [
            (_LOAD, 0, 0, _low(flags)), (_AND, 0, 0, cut_unopened),
            (_IF_EQUAL, 2, 0, cut), (_IF_EQUAL, 1, 0, cut_unopened), *_verdicts(errno.EPERM),
        ]  # fmt: skip

    return {
        "open": opening(1),
        "openat": opening(2),
        "clone": thread,
        "kill": _one_of(0, (pid,), errno.EPERM),
        "tgkill": _one_of(0, (pid,), errno.EPERM),
        "prlimit64": _one_of(0, (0, pid), errno.EPERM),
        "sched_setaffinity": _one_of(0, (0, pid), errno.EPERM),
        "ioctl": _one_of(1, _IOCTL, errno.ENOTTY),
        "fcntl": _one_of(1, _FCNTL, errno.EPERM),
        "prctl": _one_of(0, _PRCTL, errno.EPERM),
        "close_range": _one_of(2, _CLOSE_RANGE, errno.EPERM),
        "mmap": memory,
        "socketpair": stream,  # an event loop wakes itself through one; a datagram one could reach others
        "sendto": no_address,
    }


def _low(argument: int) -> int:
    """Return where the lower half of an argument lies; the kernel reads no more of a C `int`."""
    return _ARGUMENTS + 8 * argument


def _verdicts(code: int) -> list[Instruction]:
    """Return the two ends of a rule: allowed, and refused with an error code."""
    return [(_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _ERRNO | code)]


def _one_of(argument: int, values: tuple[int, ...], code: int) -> list[Instruction]:
    """Allow a call if the argument is one of the values; the verdicts stand the other way round."""
    tests: list[Instruction] = [(_IF_EQUAL, len(values) - at, 0, value) for at, value in enumerate(values)]
    return [(_LOAD, 0, 0, _low(argument)), *tests, *reversed(_verdicts(code))]


def _among(numbers: Iterable[int], verdict: int) -> Iterator[Instruction]:
    """Yield the steps that give a verdict on every call with one of these numbers."""
    for first, last in _ranges(sorted(numbers)):
        yield (_IF_MORE, 2, 0, last)
        yield (_IF_AT_LEAST, 0, 1, first)
        yield (_RETURN, 0, 0, verdict)


def _ranges(numbers: list[int]) -> Iterator[tuple[int, int]]:
    """Yield the runs of numbers that follow each other, as first and last."""
    start = 0
    for at in range(1, len(numbers) + 1):
        if at == len(numbers) or numbers[at] != numbers[at - 1] + 1:
            yield numbers[start], numbers[at - 1]
            start = at
