"""Grades a class as a program of its own, with less power than the test that starts it if asked to.

Run as `python grade.py COURSE REPORT LEVEL`. It waits for a line on its standard input, grades, and writes a
report; that it ends normally is a part of the test.
"""

from __future__ import annotations

import ctypes
import errno
import json
import resource
import struct
import sys
import time
from pathlib import Path

from autograde.classroom import grade_class
from autograde.course import Course
from autograde.sandbox import syscalls
from autograde.sandbox.privileges import die_with_parent, drop_capabilities

LEVELS = ("as-it-is", "without-capabilities", "without-namespaces")
ASSIGNMENT = "targets"

# Of BPF code: load a word, skip if it is equal, return a verdict.
_LOAD, _IF_EQUAL, _RETURN = 0x20, 0x15, 0x06
_ALLOW, _ERRNO = 0x7FFF0000, 0x00050000


def main() -> None:
    """Give up powers, wait for the class, grade it, and report."""
    course, report, level = Course(Path(sys.argv[1])), Path(sys.argv[2]), sys.argv[3]
    lower(level)
    sys.stdin.readline()
    started = time.monotonic()
    graded = grade_class(course, ASSIGNMENT)
    told = {
        "isolation": graded.results[0].isolation,
        "faults": {student: fault.reason for student, fault in graded.faults.items()},
        "seconds": time.monotonic() - started,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        "descriptors": len(list(Path("/proc/self/fd").iterdir())),
    }
    report.write_text(json.dumps(told), "utf-8")


def lower(level: str) -> None:
    """Give up what a level lacks, for this process and those it starts."""
    if level == LEVELS[1]:
        drop_capabilities()
    elif level == LEVELS[2]:
        refuse_namespaces()


def refuse_namespaces() -> None:
    """Have `unshare` refused, as in a container with Docker's defaults."""
    die_with_parent()  # gains no privileges from here on, which a filter takes
    steps = (
        (_LOAD, 0, 0, 0),
        (_IF_EQUAL, 0, 1, syscalls.numbers(syscalls.REFUSED)["unshare"]),
        (_RETURN, 0, 0, _ERRNO | errno.EPERM),
        (_RETURN, 0, 0, _ALLOW),
    )
    code = b"".join(struct.pack("=HBBI", *step) for step in steps)
    syscalls.call("seccomp", 1, 0, Program(len(steps), code))


class Program(ctypes.Structure):
    """A filter as the kernel takes it."""

    _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_char_p))


if __name__ == "__main__":
    main()
