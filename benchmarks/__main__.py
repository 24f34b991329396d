"""The command: `python -m benchmarks [--rounds N] [--json]`, in the folder of a course."""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from autograde.course import Course
from autograde.errors import AutogradeError
from benchmarks.comparison import compare
from benchmarks.measuring import FAST_ROUNDS
from benchmarks.report import as_json, show

errors = Console(stderr=True)


def benchmark(
    rounds: Annotated[
        int,
        typer.Option(min=1, help=f"How often nbgrader runs; everything fast runs {FAST_ROUNDS}x as often."),
    ] = 3,
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Compare what it takes to grade the course's first notebook: this kit, stock nbgrader, and the floor."""
    course = Course.find()
    with errors.status("Setting up ...") as status:
        comparison = compare(course, rounds, lambda doing: status.update(f"{doing} ..."))
    if json:
        print(as_json(comparison))
    else:
        show(comparison, Console())


def main() -> None:
    """Run the command; every expected error is one line and an exit status."""
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
    app.command()(benchmark)
    try:
        app(prog_name="python -m benchmarks")
    except AutogradeError as error:
        errors.print(f"benchmarks: {escape(str(error))}", highlight=False, soft_wrap=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
