"""The working folder of a student's process, at the grader's end: made, watched while code runs, removed.

A process can write many files within its limit for one. No limit of the system counts them for an ordinary
user, so the grader looks. Everything in the folder is hostile: links are not followed, trees may be thousands
deep.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

WATCH_SECONDS: Final = 0.2
_BLOCK: Final = 512  # bytes, the unit of `st_blocks`
_WHOLE_FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW


class Overfull(Exception):  # noqa: N818 # an event; its text is for the student
    """There is more of something than there may be."""


@dataclass(frozen=True)
class Allowance:
    """What a working folder may hold: bytes in all, and files and folders."""

    size: int
    files: int


class WorkFolder:
    """A folder with a copy of the files that students get besides notebooks."""

    def __init__(self, files: Path | None, allowance: Allowance) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="autograde-work-"))
        self._allowance = allowance
        self.next_look = time.monotonic() + WATCH_SECONDS
        if files is not None:
            copy_files(files, self.path)

    def watch(self, pid: int) -> bool:
        """Look, if it is time to, what the process with that id keeps here; return whether it was.

        Raises:
            Overfull: too much, or something that cannot be looked at.

        """
        if time.monotonic() < self.next_look:
            return False
        size = self.look()
        for number in _unlinked(pid):
            size += number
            self._hold(size)
        self.next_look = time.monotonic() + WATCH_SECONDS
        return True

    def look(self) -> int:
        """Return how many bytes the folder holds.

        Raises:
            Overfull: too much, or something that cannot be looked at.

        """
        size = files = 0
        for number in _sizes(self.path):
            size, files = size + number, files + 1
            if files > self._allowance.files:
                raise Overfull(f"it made more than {self._allowance.files} files")
            self._hold(size)
        return size

    def _hold(self, size: int) -> None:
        if size > self._allowance.size:
            raise Overfull(f"its files took more than {self._allowance.size // 2**20} MB")

    def remove(self) -> None:
        """Remove the folder with all that is in it; its process must have ended."""
        with contextlib.suppress(OSError):
            _empty(self.path)
            self.path.rmdir()


def copy_files(source: Path, folder: Path) -> None:
    """Copy what students get besides notebooks to a working folder."""
    if source.is_dir():
        shutil.copytree(source, folder, ignore=shutil.ignore_patterns("*.ipynb"), dirs_exist_ok=True)


def _sizes(folder: Path) -> Iterator[int]:
    """Yield the bytes on disk of each file and folder below a folder, as they are found."""
    waiting = [folder]
    while waiting:
        here = waiting.pop()
        try:
            with os.scandir(here) as entries:
                for entry in entries:
                    with contextlib.suppress(FileNotFoundError):  # removed meanwhile
                        found = entry.stat(follow_symlinks=False)
                        yield found.st_blocks * _BLOCK
                        if stat.S_ISDIR(found.st_mode):
                            waiting.append(Path(entry.path))
        except FileNotFoundError:
            continue
        except OSError as error:
            too_deep = error.errno == errno.ENAMETOOLONG
            raise Overfull(f"it made folders {'too deep' if too_deep else 'that cannot be read'}") from error


def _unlinked(pid: int) -> Iterator[int]:
    """Yield the bytes of files that a process has removed and still holds, open or mapped into its memory."""
    seen: set[int] = set()
    with contextlib.suppress(OSError):  # the process ended, or the system does not show it
        place = _living(pid)
        for descriptor in _names(place / "fd"):
            with contextlib.suppress(OSError):
                found = (place / "fd" / descriptor).stat()
                if stat.S_ISREG(found.st_mode) and not found.st_nlink and found.st_ino not in seen:
                    seen.add(found.st_ino)
                    yield found.st_blocks * _BLOCK
        for line in (place / "maps").read_text("utf-8", "replace").splitlines():
            if line.endswith(" (deleted)"):
                start, _, end = line.partition(" ")[0].partition("-")
                yield int(end, 16) - int(start, 16)


def _living(pid: int) -> Path:
    """Return where the system shows what a process holds: of a first thread that ended it shows nothing."""
    own = Path(f"/proc/{pid}")
    if _names(own / "fd"):
        return own
    tasks = (own / "task" / name for name in _names(own / "task"))
    return next((task for task in tasks if _names(task / "fd")), own)


def _empty(folder: Path) -> None:
    """Remove all within a folder. Subfolders are first moved to the top, so no depth is too great."""
    top = os.open(folder, _WHOLE_FOLDER)
    try:
        token = secrets.token_hex(8)
        serial = 0
        while names := _names(top):
            for name in names:
                if _unlink(name, top):
                    continue
                os.chmod(name, 0o700, dir_fd=top)
                inner = os.open(name, _WHOLE_FOLDER, dir_fd=top)
                try:
                    for below in _names(inner):
                        if not _unlink(below, inner):
                            serial += 1
                            # A folder that may not be written cannot be moved: its `..` changes.
                            os.chmod(below, 0o700, dir_fd=inner)
                            os.rename(below, f"{token}-{serial}", src_dir_fd=inner, dst_dir_fd=top)
                finally:
                    os.close(inner)
                os.rmdir(name, dir_fd=top)
    finally:
        os.close(top)


def _names(folder: int | Path) -> list[str]:
    with os.scandir(folder) as entries:
        return [entry.name for entry in entries]


def _unlink(name: str, folder: int) -> bool:
    """Remove a file; return False if it is a folder."""
    if stat.S_ISDIR(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode):
        return False
    os.unlink(name, dir_fd=folder)
    return True
