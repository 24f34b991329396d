"""What a student's process uses that no limit of the system counts, seen from the grader's end while it runs.

A limit on private memory is asked when memory is made writable: pages that were filled and then made
read-only are not counted any more, and a superuser's threads never are.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from autograde.sandbox.folder import Overfull

MAX_THREADS: Final = 500
_SLACK: Final = 64 * 2**20  # bytes that the kernel may count otherwise than the limit does


class Usage:
    """The memory and threads of one process, from when it began."""

    def __init__(self, pid: int, memory: int) -> None:
        self._status = Path(f"/proc/{pid}/status")
        self._memory = memory
        self._before = self._look()[0]

    def check(self) -> None:
        """See that the process is within its bounds.

        Raises:
            Overfull: it is not.

        """
        memory, threads = self._look()
        if memory - self._before > self._memory + _SLACK:
            raise Overfull(f"it used more than {self._memory // 2**20} MB of memory")
        if threads > MAX_THREADS:
            raise Overfull(f"it started more than {MAX_THREADS} threads")

    def _look(self) -> tuple[int, int]:
        """Return private memory in bytes, swapped out or not, and how many threads; 0 if not to be seen."""
        try:
            text = self._status.read_text("ascii", "replace")
        except OSError:
            return 0, 0
        found = {name: int(number) for name, number in _LINES.findall(text)}
        return 1024 * (found.get("RssAnon", 0) + found.get("VmSwap", 0)), found.get("Threads", 0)


_LINES: Final = re.compile(r"^(RssAnon|VmSwap|Threads):\s+(\d+)", re.MULTILINE)
