"""Student data: what lies in an assignment's data folder, and what the `make.py` there makes."""

from __future__ import annotations

import runpy
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from autograde.errors import CourseError

MAKER = "make.py"
IGNORED = frozenset({".ipynb_checkpoints", "__pycache__", ".DS_Store"})


def student_data(folder: Path) -> dict[PurePosixPath, bytes]:
    """Return the contents of an assignment's data files, by their names relative to its data folder.

    A file `make.py` directly in the folder is not handed out itself. It is run, and its function `files()`
    returns further files: `{name: bytes}`, the same bytes on every machine. It may import what the course's
    environment has and students' lack.

    Raises:
        CourseError: `make.py` fails or returns something else, or a file is none to hand out.

    """
    lying = {PurePosixPath(path.relative_to(folder)): path for path in files_under(folder)}
    maker = lying.pop(PurePosixPath(MAKER), None)
    data = {name: path.read_bytes() for name, path in lying.items()}
    for name, content in (_made(maker) if maker else {}).items():
        if name in data:
            raise CourseError(f"{maker}: {name} is made, and lies in {folder} too; delete one")
        data[name] = content
    for name in data:
        if name.suffix == ".ipynb":
            raise CourseError(
                f"{folder / name}: nbgrader hands out no notebooks as data; "
                f"write it as a text in {folder.parent}"
            )
    return data


def files_under(folder: Path) -> Iterator[Path]:
    """Yield the files that nbgrader would hand on, in order."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not IGNORED.intersection(path.relative_to(folder).parts):
            yield path


def _made(maker: Path) -> dict[PurePosixPath, bytes]:
    try:
        function: Any = runpy.run_path(str(maker)).get("files")
        files: Any = function() if callable(function) else function
    except Exception as error:
        raise CourseError(f"{maker}: {type(error).__name__}: {error}") from error
    if not isinstance(files, Mapping):
        raise CourseError(
            f"{maker}: it must define `files()`, which returns {{name: bytes}}, not {type(files).__name__}"
        )
    for name, content in files.items():
        if not isinstance(name, str) or not _is_inside(PurePosixPath(name)):
            raise CourseError(f"{maker}: {name!r} is no name of a file in the data folder")
        if not isinstance(content, bytes):
            raise CourseError(
                f"{maker}: `files()` must return {{name: bytes}}, but {name!r} is {type(content).__name__}"
            )
    return {PurePosixPath(name): files[name] for name in sorted(files)}


def _is_inside(name: PurePosixPath) -> bool:
    return bool(name.parts) and not name.is_absolute() and ".." not in name.parts
