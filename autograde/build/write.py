"""Building an assignment on disk, and checking that what lies there is what would be built."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from autograde.build.plan import Plan, loses_edit, plan
from autograde.course import Course
from autograde.errors import CourseError


@dataclass(frozen=True)
class BuildReport:
    """What a build did with each file under source/ and release/."""

    written: tuple[Path, ...]
    unchanged: tuple[Path, ...]
    removed: tuple[Path, ...]


def build(course: Course, assignment: str, *, force: bool = False) -> BuildReport:
    """Build an assignment's source and release notebooks from its texts, and copy its data.

    Either all files are written or none. `force` throws away what was edited in source notebooks.

    Raises:
        CourseError: a rule does not hold, or a source notebook was edited since the last build.

    """
    planned = plan(course, assignment)
    unexpected = tuple(planned.unexpected())
    if not force:
        _refuse_to_lose(planned, unexpected)
    changed = {path: data for path, data in planned.files.items() if not _holds(path, data)}
    write_files(changed)
    for path in unexpected:
        _remove(path, planned.folders)
    return BuildReport(
        written=tuple(changed),
        unchanged=tuple(path for path in planned.files if path not in changed),
        removed=unexpected,
    )


def check_built(course: Course, assignment: str) -> list[str]:
    """Return one line for each file under source/ and release/ that is not what would be built.

    Each says what mends it. An empty list means that all is up to date.

    Raises:
        CourseError: the assignment cannot be built at all.

    """
    planned = plan(course, assignment)
    return [*_stale(planned), *(_unexpected_line(planned, path) for path in planned.unexpected())]


def write_files(files: Mapping[Path, bytes]) -> None:
    """Write files so that each is seen whole, old or new; if one cannot be written, none is replaced.

    Raises:
        CourseError: the disk is full, or a folder is read-only.

    """
    temporary = {path: path.with_name(f".{path.name}.{os.getpid()}.new") for path in files}
    try:
        for path, data in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary[path].write_bytes(data)
        for path in files:
            temporary[path].replace(path)
    except OSError as error:
        raise CourseError(f"{error.filename}: cannot be written: {error.strerror}") from error
    finally:
        for path in temporary.values():
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)


def adopt_command(course: Course, path: Path, *, force: bool = False) -> str:
    """Return the command that takes a source notebook back into its text."""
    return f"`autograde adopt {'--force ' if force else ''}{path.relative_to(course.root)}`"


def _refuse_to_lose(planned: Plan, unexpected: tuple[Path, ...]) -> None:
    for one in planned.notebooks:
        if loses_edit(one.source, one.source_notebook):
            raise CourseError(
                f"{one.source}: edited since it was built; take the edit into its text with "
                f"{adopt_command(planned.course, one.source)}, or drop it with `autograde build --force`"
            )
    for path in unexpected:
        if _is_hand_made(planned, path):
            raise CourseError(_unexpected_line(planned, path))


def _is_hand_made(planned: Plan, path: Path) -> bool:
    """Whether an unexpected file is somebody's work and not left from an earlier build."""
    source, release = planned.folders
    if not path.is_relative_to(source):
        return False
    if path.suffix == ".ipynb":
        return loses_edit(path, None)
    copy = release / path.relative_to(source)
    return not copy.is_file() or copy.read_bytes() != path.read_bytes()


def _stale(planned: Plan) -> Iterator[str]:
    root = planned.course.root
    sources = {one.source: one for one in planned.notebooks}
    for path, data in planned.files.items():
        if _holds(path, data):
            continue
        name = path.relative_to(root)
        if not path.exists():
            yield f"{name}: missing; run `autograde build`"
        elif path in sources and loses_edit(path, sources[path].source_notebook):
            yield f"{name}: edited since it was built; run {adopt_command(planned.course, path)}"
        else:
            yield f"{name}: not what is built from solutions/ now; run `autograde build`"


def _unexpected_line(planned: Plan, path: Path) -> str:
    name = path.relative_to(planned.course.root)
    if not _is_hand_made(planned, path):
        return f"{name}: left from an earlier build; run `autograde build`"
    if path.suffix == ".ipynb":
        return f"{name}: has no text; make one with {adopt_command(planned.course, path)}, or delete it"
    data = planned.notebooks[0].text.parent.relative_to(planned.course.root) / "data"
    return f"{name}: nbgrader would hand it to students; move it to {data}/ if they need it, or delete it"


def _remove(path: Path, folders: tuple[Path, Path]) -> None:
    """Delete a file, and the folders it leaves empty."""
    path.unlink()
    for folder in path.parents:
        if folder in folders or any(folder.iterdir()):
            return
        folder.rmdir()


def _holds(path: Path, data: bytes) -> bool:
    return path.is_file() and path.read_bytes() == data
