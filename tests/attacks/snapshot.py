"""What must stay as it is: files with all that can be changed about them, and processes."""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
from collections.abc import Collection, Iterator
from pathlib import Path

_LARGE = 2**20  # bytes; of larger files size and times are told
State = tuple[object, ...]


def snapshot(root: Path, without: Collection[str] = ()) -> dict[str, State]:
    """Return the state of all below a folder, but for what lies in it under the names `without`."""
    return {str(path): state(path) for path in _below(root) if path.relative_to(root).parts[0] not in without}


def _below(root: Path) -> Iterator[Path]:
    for folder, folders, files in os.walk(root):
        yield from (Path(folder, name) for name in (*folders, *files))


def state(path: Path) -> State:
    """Return what is kept of one file: mode, owner, links, times, extended attributes, content."""
    found = path.lstat()
    content = ""
    if stat.S_ISLNK(found.st_mode):
        content = str(path.readlink())
    elif stat.S_ISREG(found.st_mode) and found.st_size <= _LARGE:
        with contextlib.suppress(PermissionError):  # a student's own closed file
            content = hashlib.sha256(path.read_bytes()).hexdigest()
    attributes: list[tuple[str, bytes]] = []
    with contextlib.suppress(OSError):  # a file system without them
        names = os.listxattr(path, follow_symlinks=False)
        attributes = [(name, os.getxattr(path, name, follow_symlinks=False)) for name in sorted(names)]
    owner = (found.st_mode, found.st_uid, found.st_gid, found.st_nlink)
    return (*owner, found.st_size, found.st_mtime_ns, content, *attributes)


def changes(before: dict[str, State], after: dict[str, State]) -> list[str]:
    """Return the paths that differ, were added or removed."""
    return sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))


def processes(mark: str) -> set[int]:
    """Return the processes that were started with `mark` in their environment, or by such ones."""
    found = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                if mark.encode() in (entry / "environ").read_bytes():
                    found.add(int(entry.name))
    return found
