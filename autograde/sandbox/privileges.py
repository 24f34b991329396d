"""Giving up what a process may do beyond its own files: capabilities, and the namespaces of the machine."""

from __future__ import annotations

import ctypes
import os
import signal
from pathlib import Path
from typing import Final

from autograde.sandbox import syscalls

_PR_SET_PDEATHSIG, _PR_CAPBSET_DROP, _PR_SET_NO_NEW_PRIVS, _PR_CAP_AMBIENT = 1, 24, 38, 47
_AMBIENT_CLEAR_ALL: Final = 4
_CAPABILITY_VERSION_3: Final = 0x20080522
NAMESPACES: Final = {"user": 0x10000000, "net": 0x40000000, "ipc": 0x08000000, "uts": 0x04000000}
"""The namespaces that a server leaves, by name.

Not among them: `pid`, as no other process can be seen or signalled anyway, and it would take an init process;
`mnt`, as no mount is changed.
"""


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int32))


def die_with_parent() -> None:
    """Have the kernel kill this process when its parent ends, and never let it gain privileges.

    Raises:
        OSError: the kernel refuses.

    """
    if syscalls.supported():
        _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        _prctl(_PR_SET_NO_NEW_PRIVS, 1)


def drop_capabilities() -> None:
    """Give up every capability for good, those of the superuser too.

    Raises:
        OSError: the kernel refuses.

    """
    last = int(Path("/proc/sys/kernel/cap_last_cap").read_text("ascii"))
    for capability in range(last + 1):
        try:
            _prctl(_PR_CAPBSET_DROP, capability)
        except PermissionError:  # not the superuser: no capability to begin with, and no way to one
            break
    _prctl(_PR_CAP_AMBIENT, _AMBIENT_CLEAR_ALL)
    syscalls.call("capset", _Header(_CAPABILITY_VERSION_3, 0), (ctypes.c_uint32 * 6)())


def enter_namespaces() -> bool:
    """Move this process, which must have one thread, out of the machine's namespaces.

    It sees no network and no shared memory of others then, and a superuser's rights end at its own files.
    Return False, with nothing changed, where the system does not allow that: Docker's default, hardened
    kernels.
    """
    if not syscalls.supported():
        return False
    trial = os.fork()  # a failure half-way leaves a process without a user
    if trial == 0:
        code = 1
        try:
            _leave()
            code = 0
        finally:
            os._exit(code)
    if os.waitpid(trial, 0)[1]:
        return False
    _leave()
    return True


def _leave() -> None:
    user, group = os.geteuid(), os.getegid()
    syscalls.call("unshare", sum(NAMESPACES.values()))
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{user} {user} 1"),
        ("gid_map", f"{group} {group} 1"),
    ):
        Path("/proc/self", name).write_text(text, "ascii")


def _prctl(option: int, value: int) -> None:
    syscalls.call("prctl", option, value, 0, 0, 0)
