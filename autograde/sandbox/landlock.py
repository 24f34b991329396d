"""Which files a student's process may open: Landlock, the kernel's access control that needs no privilege.

A ruleset belongs to one process. A rule that is added to an inherited one would hold for every process that
shares it, and let one student read another's folder; so each process makes its own.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from autograde.sandbox import syscalls

_VERSION_FLAG: Final = 1
_PATH_BENEATH: Final = 1
# Bits of the kernel's linux/landlock.h.
_WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 1, 1 << 2, 1 << 3
_REMOVE_DIR, _REMOVE_FILE, _MAKE_DIR, _MAKE_FILE = 1 << 4, 1 << 5, 1 << 7, 1 << 8
_MAKE_LINK, _RENAME, _TRUNCATE = 1 << 12, 1 << 13, 1 << 14
_READ: Final = _READ_FILE | _READ_DIR
_WORK: Final = (
    _READ
    | _WRITE_FILE
    | _TRUNCATE
    | _REMOVE_DIR
    | _REMOVE_FILE
    | _MAKE_DIR
    | _MAKE_FILE
    | _MAKE_LINK
    | _RENAME
)
_OF_FILES: Final = _READ_FILE | _WRITE_FILE | _TRUNCATE
_ALL_NETWORK: Final = 0b11  # bind and connect TCP
_ALL_SCOPES: Final = 0b11  # abstract Unix sockets, signals


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scopes", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("rights", ctypes.c_uint64), ("folder", ctypes.c_int32))


def version() -> int:
    """Return the version of Landlock that the kernel has, 0 if it has none."""
    if not syscalls.supported():
        return 0
    try:
        return syscalls.call("landlock_create_ruleset", 0, 0, _VERSION_FLAG)
    except OSError:
        return 0


def restrict(readable: Iterable[Path], writable: Path, devices: Iterable[Path]) -> None:
    """Leave this process read access below `readable`, all but devices and execution below `writable`.

    `devices` may be read and written. Paths that do not exist are passed over. Where the kernel can, network
    and signals to other processes are shut off too. It holds for this thread and those it will start, for
    good.

    Raises:
        OSError: the kernel refuses.

    """
    found = version()
    files = handled_rights(found)
    attributes = _Ruleset(files, _ALL_NETWORK if found >= 4 else 0, _ALL_SCOPES if found >= 6 else 0)
    size = 8 * (1 + (found >= 4) + (found >= 6))
    ruleset = syscalls.call("landlock_create_ruleset", attributes, size, 0)
    try:
        for path in readable:
            _allow(ruleset, path, _READ & files)
        for path in devices:
            _allow(ruleset, path, (_READ_FILE | _WRITE_FILE) & files)
        _allow(ruleset, writable, _WORK & files)
        syscalls.call("landlock_restrict_self", ruleset, 0)
    finally:
        os.close(ruleset)


def handled_rights(found: int) -> int:
    """Return the rights on files that a version of Landlock can take away: all it knows."""
    bits = (
        13 + (found >= 2) + (found >= 3) + (found >= 5)
    )  # renaming across folders, truncating, devices' ioctl
    return (1 << bits) - 1


def _allow(ruleset: int, path: Path, rights: int) -> None:
    with contextlib.suppress(FileNotFoundError, PermissionError, NotADirectoryError):
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
        try:
            if not stat.S_ISDIR(os.fstat(place).st_mode):
                rights &= _OF_FILES
            syscalls.call("landlock_add_rule", ruleset, _PATH_BENEATH, _Beneath(rights, place), 0)
        finally:
            os.close(place)
