"""Run a command as on a system that lacks some system calls: `python older_system.py NAME[,NAME] COMMAND...`.

A kernel without Landlock, or a container that forbids namespaces, in a few lines: a filter that says "not
implemented", or "not permitted" for `unshare`, which is what Docker's own says.
"""

import ctypes
import errno
import os
import struct
import sys

from autograde.sandbox import syscalls

LISTS = syscalls.ALLOWED + syscalls.CONDITIONAL + syscalls.REFUSED


class Program(ctypes.Structure):
    """The kernel's `struct sock_fprog`."""

    _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_char_p))


def refuse(names: list[str]) -> None:
    """Have the kernel refuse these calls, for this process and all it starts."""
    steps = [(0x20, 0, 0, 0)]
    for name in names:
        code = errno.EPERM if name == "unshare" else errno.ENOSYS
        steps += [(0x15, 0, 1, syscalls.numbers(LISTS)[name]), (0x06, 0, 0, 0x50000 | code)]
    steps.append((0x06, 0, 0, 0x7FFF0000))
    filter_code = b"".join(struct.pack("=HBBI", *step) for step in steps)
    syscalls.call("prctl", 38, 1, 0, 0, 0)
    syscalls.call("seccomp", 1, 0, Program(len(steps), filter_code))


if __name__ == "__main__":
    refuse(sys.argv[1].split(","))
    os.execv(sys.argv[2], sys.argv[2:])
