"""The database itself: opening it, nbgrader's configuration of the course, and what to do when it fails."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from alembic.config import Config as AlembicConfig
from alembic.script import ScriptDirectory
from nbgrader.api import (  # type: ignore[import-untyped]
    Assignment,
    Base,
    Gradebook,
    InvalidEntry,
    MissingEntry,
)
from sqlalchemy import create_engine, inspect, make_url, text
from sqlalchemy.exc import SQLAlchemyError
from traitlets.config.loader import Config, PyFileConfigLoader

from autograde.course import MARKER, Course
from autograde.errors import AutogradeError, CourseError

_DAMAGED = "it is damaged or no gradebook; restore a copy of it, or move it away and grade again"
_ADVICE = (  # what the database says, what to do
    ("locked", "another program is writing to it; wait for it or end it, then run the command again"),
    ("readonly", "it cannot be written; make it writable, then run the command again"),
    ("unable to open", "it cannot be opened; make its folder writable, then run the command again"),
    ("connect", "the database server does not answer; start it, or mend db_url in nbgrader_config.py"),
    ("no such", "an older nbgrader made it; make a copy of it and run `nbgrader db upgrade`"),
)


@contextmanager
def opened(url: str, course_id: str = "default_course") -> Iterator[Gradebook]:
    """Open a gradebook; it is made if there is none.

    Raises:
        AutogradeError: the database cannot be read or written.

    """
    with explained(url):
        _create(url)
        with Gradebook(url, course_id) as gradebook:
            yield gradebook


@contextmanager
def course_gradebook(course: Course) -> Iterator[tuple[Gradebook, Config]]:
    """Open a course's gradebook, with nbgrader's configuration of the course."""
    config = course_config(course)
    course_id = config.CourseDirectory.get("course_id", "") or "default_course"
    with opened(url_of(course, config), str(course_id)) as gradebook:
        yield gradebook, config


def url_of(course: Course, config: Config) -> str:
    """Return where the course's gradebook is: where nbgrader_config.py says, or in the course's folder."""
    return str(config.CourseDirectory.get("db_url", "") or course.gradebook_url)


def named(url: str) -> str:
    """Return a database's name for people: of a file its path, else the address without its password."""
    shown = make_url(url).render_as_string(hide_password=True)
    return shown.removeprefix("sqlite:///")


@contextmanager
def explained(url: str) -> Iterator[None]:
    """Turn the database's exceptions into one line that names its file and says what to do."""
    try:
        yield
    except (SQLAlchemyError, InvalidEntry) as error:
        reason = (str(getattr(error, "orig", None) or error).splitlines() or [type(error).__name__])[0]
        advice = next((text for sign, text in _ADVICE if sign in reason), _DAMAGED)
        raise AutogradeError(f"{named(url)}: {reason}: {advice}") from error


def require_assignment(gradebook: Gradebook, assignment: str) -> Assignment:
    """Return the assignment's row, or raise a CourseError."""
    try:
        return gradebook.find_assignment(assignment)
    except MissingEntry as error:
        where = named(str(gradebook.engine.url))
        raise CourseError(
            f"{where}: no assignment {assignment!r}; run `autograde grade {assignment}`"
        ) from error


def course_config(course: Course) -> Config:
    """Return nbgrader's configuration of the course.

    Raises:
        CourseError: the file cannot be run.

    """
    try:
        return PyFileConfigLoader(MARKER, path=str(course.root)).load_config()
    except Exception as error:  # the file is Python: anything may happen in it
        where = course.root / MARKER
        raise CourseError(f"{where}: {type(error).__name__}: {error}; mend this file") from error


def _create(url: str) -> None:
    """Make a new database as nbgrader does, but without the ten seconds that its call of alembic takes."""
    engine = create_engine(url)
    try:
        if inspect(engine).get_table_names():
            return
        alembic = AlembicConfig()
        alembic.set_main_option("script_location", "nbgrader:alembic")
        head = ScriptDirectory.from_config(alembic).get_current_head()
        Base.metadata.create_all(engine)
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
            connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": head})
    finally:
        engine.dispose()
