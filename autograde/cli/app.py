"""What the commands share: the application, the two screens, options, exit status."""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from autograde import __version__
from autograde.course import Course
from autograde.errors import AutogradeError, CourseError, ServerError

FINE, FAILED, WRONG_USE = 0, 1, 2
app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None
)
errors = Console(stderr=True)
screen = Console()

Practice = Annotated[
    bool,
    typer.Option("--practice", help="Grade even where student code cannot be confined; no official grades."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


def main() -> None:
    """Run the command line; every expected error is one line and an exit status."""
    try:
        app(prog_name="autograde")
    except ServerError as error:
        errors.print(f"autograde: {escape(str(error))}", highlight=False, soft_wrap=True)
        sys.exit(FAILED)
    except AutogradeError as error:
        errors.print(f"autograde: {escape(str(error))}", highlight=False, soft_wrap=True)
        sys.exit(WRONG_USE)
    except OSError as error:  # a full disk, a folder that is read-only, a file that went away meanwhile
        where = f"{error.filename}: " if error.filename else ""
        errors.print(f"autograde: {escape(where)}{error.strerror}", highlight=False, soft_wrap=True)
        sys.exit(FAILED)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"autograde {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Deep-learning exercises as nbgrader notebooks, graded by hidden checks in a process of their own."""


def course_here() -> Course | None:
    """Return the course of the working directory, if there is one."""
    with suppress(CourseError):
        return Course.find()
    return None


def assignments(course: Course) -> tuple[str, ...]:
    """Return the course's assignments, or say that it has none."""
    found = course.assignments()
    if not found:
        raise CourseError(f"{course.root / 'solutions'}: no assignments")
    return found


def print_json(data: Any) -> None:
    """Write data as JSON to the standard output."""
    typer.echo(json.dumps(data, indent=1, ensure_ascii=False))
