"""Files that are never seen half written, and digests of what they hold."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

SUBMISSION_LIMIT = 400 * 2**20
"""How many bytes of one student's files are looked into."""


def write_atomically(path: Path, content: str | bytes) -> None:
    """Write a file so that it is never seen half written; a process killed on the way leaves a `.tmp`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_bytes(content.encode() if isinstance(content, str) else content)
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise


def remove_leftovers(folders: Iterable[Path]) -> None:
    """Remove what killed processes left half written in folders that nobody else writes to now."""
    for folder in folders:
        for path in folder.glob(".*.tmp"):
            path.unlink(missing_ok=True)


def digest(*parts: str | bytes) -> str:
    """Return a digest of texts: of all of them, and of where one ends and the next begins."""
    found = hashlib.sha256()
    for part in parts:
        content = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        found.update(f"{len(content)} ".encode() + content)
    return found.hexdigest()


def digest_of_files(paths: Iterable[Path], root: Path) -> str:
    """Return a digest of files: of their names below `root` and of what they hold."""
    parts = ((path.relative_to(root).as_posix(), path.read_bytes()) for path in sorted(paths))
    return digest(*(part for pair in parts for part in pair))


def digest_of_folder(folder: Path, size_limit: int) -> str:
    """Return a digest of a folder that somebody else filled. Links are not followed, pipes not read.

    Of files that would make it more than `size_limit` bytes it takes the size and time.
    """
    parts: list[str | bytes] = []
    left = size_limit
    for path, about in _entries(folder):
        parts += [str(path.relative_to(folder)), f"{stat.S_IFMT(about.st_mode)}"]
        plain = stat.S_ISREG(about.st_mode) and about.st_size <= left
        content = _content(path) if plain else None
        left -= len(content or b"")
        parts.append(content if content is not None else f"{about.st_size} {about.st_mtime_ns}")
    return digest(*parts)


def _entries(folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
    for where, folders, files in os.walk(folder):
        folders.sort()
        for name in sorted((*folders, *files)):
            path = Path(where, name)
            try:
                yield path, path.lstat()
            except OSError:
                continue  # it went away meanwhile


def _content(path: Path) -> bytes | None:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            return file.read()
    except OSError:
        return None
