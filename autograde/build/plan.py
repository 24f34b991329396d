"""What source/ and release/ of an assignment must hold, worked out in memory; nothing is written here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode
from traitlets.config.loader import Config

from autograde.build.data import files_under, student_data
from autograde.build.markers import Markers
from autograde.build.release import leaks, nbgrader_config, release_notebook
from autograde.build.rules import check_rules
from autograde.build.source import digest, recorded, source_notebook, without_announcements
from autograde.checks.declared import declared_checks
from autograde.course import MARKER, Course
from autograde.errors import CourseError
from autograde.notebook import dumps, graded_exercise, read_notebook, read_text


@dataclass(frozen=True)
class Planned:
    """One notebook: its text, and the two notebooks built from it."""

    text: Path
    source: Path
    release: Path
    source_notebook: NotebookNode
    release_notebook: NotebookNode


@dataclass(frozen=True)
class Plan:
    """An assignment as it must be built; `files` are the bytes of each file, notebooks and student data."""

    course: Course
    folders: tuple[Path, Path]
    notebooks: tuple[Planned, ...]
    files: Mapping[Path, bytes]

    def unexpected(self) -> Iterator[Path]:
        """Yield the files that lie in source/ or release/ though nothing builds them."""
        for folder in self.folders:
            yield from (path for path in files_under(folder) if path not in self.files)


def plan(course: Course, assignment: str) -> Plan:
    """Work out an assignment's files.

    Raises:
        CourseError: a text, a check file or nbgrader's configuration is at fault; the message says where.

    """
    config = nbgrader_config(course.root / MARKER)
    markers = Markers.of(config)
    names = course.notebooks(assignment)
    texts = {name: read_text(course.text(assignment, name)) for name in names}
    check_rules(course, assignment, {course.text(assignment, name): texts[name] for name in names}, markers)
    notebooks = tuple(_planned(course, assignment, name, texts[name], config, markers) for name in names)
    folders = (course.source(assignment, "").parent, course.release(assignment, "").parent)
    files = {one.source: dumps(one.source_notebook).encode() for one in notebooks}
    files |= {one.release: dumps(one.release_notebook).encode() for one in notebooks}
    for name, content in student_data(course.text(assignment, "").parent / "data").items():
        files |= {folder / "data" / name: content for folder in folders}
    return Plan(course, folders, notebooks, files)


def _planned(
    course: Course, assignment: str, name: str, text: NotebookNode, config: Config, markers: Markers
) -> Planned:
    path = course.text(assignment, name)
    exercises = filter(None, map(graded_exercise, text.cells))
    checks = {exercise: declared_checks(course.exercise(exercise).check_file) for exercise in exercises}
    source = source_notebook(text, checks)
    try:
        release = release_notebook(source, config)
    except ValueError as error:
        raise CourseError(f"{path}: {error}") from error
    for leak in leaks(source, release, markers):
        raise CourseError(f"{path}: students would see a solution: of the release notebook, {leak}")
    return Planned(path, course.source(assignment, name), course.release(assignment, name), source, release)


def loses_edit(path: Path, planned: NotebookNode | None) -> bool:
    """Whether an edit of a source notebook is lost when `planned` (None: nothing) takes its place.

    Raises:
        CourseError: the file is no notebook.

    """
    if not path.exists():
        return False
    nb = read_notebook(path)
    record = recorded(nb)
    if record and record.cells == digest(nb):
        return False
    return planned is None or digest(without_announcements(nb)) != digest(without_announcements(planned))
