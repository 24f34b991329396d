"""The files of a submission, in folders and in zip archives: nothing is unpacked, no link is followed."""

from __future__ import annotations

import io
import os
import stat
import zipfile
import zlib
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from autograde.intake.decode import AGAIN, CLEARED, SIZE_LIMIT, UnusableError

DEPTH_LIMIT = 5  # folders in folders
ENTRIES_LIMIT = 2_000  # files and folders looked at
_CHUNK = 2**20
_NO_LINK = os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
# The other methods of zip archives cannot be bounded: some kilobytes of bzip2 may become gigabytes at once.
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


@dataclass(frozen=True)
class Arrived:
    """A file of a submission: where it is below the submission's folder, or in an archive that lies there."""

    folder: Path
    name: str
    archive: str = ""

    @property
    def shown(self) -> str:
        """Its path with that of its archive."""
        return f"{self.archive}/{self.name}" if self.archive else self.name

    @property
    def path(self) -> PurePosixPath:
        """Its path in folder or archive, to be looked at alone: an archive may name any."""
        return PurePosixPath(self.name.replace("\\", "/"))

    def read(self, size_limit: int = SIZE_LIMIT) -> bytes:
        """Return its bytes.

        Raises:
            UnusableError: it is no plain file, too large, or cannot be read. It raises nothing else.

        """
        if not self.archive:
            return plain_file(self.folder / self.name, size_limit)
        with _opened(self.folder / self.archive) as archive:
            try:
                return _bounded(b"".join(_chunks(archive, self.name, size_limit)), size_limit)
            except _ZIP_ERRORS as error:
                raise UnusableError(
                    f"it cannot be read from its archive ({_reason(error)}); {AGAIN}"
                ) from error


# Whatever zipfile and the decompressors make of damaged archives; RuntimeError: a password is needed.
_ZIP_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    EOFError,
    ValueError,
    KeyError,
    RuntimeError,
    NotImplementedError,
)


def plain_file(path: Path, size_limit: int = SIZE_LIMIT) -> bytes:
    """Return the bytes of a file, if that is what it is.

    Raises:
        UnusableError: it is missing, no plain file, too large, or cannot be read. It raises nothing else.

    """
    try:
        # A link to somebody else's file is not followed; a named pipe does not make us wait for its writer.
        descriptor = os.open(path, os.O_RDONLY | _NO_LINK)
        try:
            about = os.fstat(descriptor)
            if not stat.S_ISREG(about.st_mode):
                raise UnusableError(f"it is not a plain file; {AGAIN}")
            with os.fdopen(descriptor, "rb", closefd=False) as file:
                return _bounded(file.read(min(about.st_size, size_limit) + 1), size_limit)
        finally:
            os.close(descriptor)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise UnusableError(f"it cannot be read as a plain file ({_reason(error)}); {AGAIN}") from error


def _bounded(data: bytes, size_limit: int) -> bytes:
    if len(data) > size_limit:
        raise UnusableError(f"it is larger than {size_limit / 2**20:g} MB; {CLEARED}")
    return data


def _reason(error: Exception) -> str:
    return printable((error.strerror if isinstance(error, OSError) else "") or str(error), 100)


def printable(text: str, limit: int = 40) -> str:
    """Return a student's text fit for one line: shortened, without control characters and backticks."""
    short = text if len(text) <= limit else text[: limit - 1] + "…"
    return "".join(char if char.isprintable() and char != "`" else "?" for char in short)


def files_in(folder: Path, first: Collection[str] = ()) -> Iterator[Arrived]:
    """Yield the files below a folder by name, those of a folder before its subfolders'.

    Those called as in `first` come before all others, however many there are. Hidden files and folders are
    none of the student's work (Jupyter's checkpoints, what macOS adds), and archives in archives are not
    opened. A damaged archive yields itself.
    """
    expected = [name for name in first if _is_no_folder(folder / name)]
    yield from (Arrived(folder, name) for name in expected)
    left = ENTRIES_LIMIT
    waiting = [PurePosixPath()]
    while waiting and left > 0:
        here = waiting.pop(0)
        for entry in _entries(folder / here, left):
            left -= 1
            name = here / entry.name
            if str(name) in expected:
                continue
            if entry.is_dir(follow_symlinks=False) and len(name.parts) <= DEPTH_LIMIT:
                waiting.append(name)
            elif entry.name.casefold().endswith(".zip") and entry.is_file(follow_symlinks=False):
                members = _members(folder, str(name), left)
                left -= len(members)
                yield from members
            else:
                yield Arrived(folder, str(name))


def _is_no_folder(path: Path) -> bool:
    try:
        return not stat.S_ISDIR(path.lstat().st_mode)
    except OSError:
        return False


def _entries(folder: Path, limit: int) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            seen = [entry for _, entry in zip(range(limit), entries, strict=False)]
    except (OSError, ValueError):
        return []
    return sorted((one for one in seen if not _hidden(one.name)), key=lambda one: one.name)


def _hidden(name: str) -> bool:
    return (name.startswith(".") and name != "..") or name == "__MACOSX"


def _members(folder: Path, archive: str, limit: int) -> list[Arrived]:
    try:
        with _opened(folder / archive) as opened:
            names = opened.namelist()
    except UnusableError:
        return [Arrived(folder, archive)]
    files = dict.fromkeys(name for name in names if not name.endswith("/"))
    members = [Arrived(folder, name, archive) for name in files]
    visible = [member for member in members if not any(map(_hidden, member.path.parts))]
    return sorted(visible, key=lambda one: (len(one.path.parts), one.name))[:limit]


class _Frugal(io.FileIO):
    """A file that is read in small parts alone, so that nobody can make zipfile read a list of millions."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path), opener=lambda name, flags: os.open(name, flags | _NO_LINK))

    def read(self, size: int | None = -1, /) -> bytes:
        """Read some bytes.

        Raises:
            OSError: too many at once.

        """
        wanted = _CHUNK + 1 if size is None or size < 0 else size
        data = super().read(min(wanted, _CHUNK + 1)) or b""
        if len(data) > _CHUNK:
            raise OSError("it lists too many files")
        return data


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open an archive; only its list of contents is read.

    Raises:
        UnusableError: it is no zip archive.

    """
    with ExitStack() as stack:
        try:
            archive = stack.enter_context(zipfile.ZipFile(stack.enter_context(_Frugal(path))))
        except _ZIP_ERRORS as error:
            raise UnusableError(f"it is no zip archive ({_reason(error)}); {AGAIN}") from error
        yield archive


def _chunks(archive: zipfile.ZipFile, name: str, size_limit: int) -> Iterator[bytes]:
    if archive.getinfo(name).compress_type not in _METHODS:
        raise NotImplementedError("it is packed in an unusual way")
    with archive.open(name) as member:
        left = size_limit + 1
        while left > 0 and (chunk := member.read(min(left, _CHUNK // 2))):
            left -= len(chunk)
            yield chunk
