"""The line that shows how far the grading of a class is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from autograde.cli.app import errors

if TYPE_CHECKING:
    from autograde.classroom import Tick


@contextmanager
def class_progress() -> Iterator[Callable[[Tick], None]]:
    """Show a line with the time left, on a terminal only; yield what is to be told of each tick."""
    columns = (
        TextColumn("grading"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal) as bar:
        task = bar.add_task("starting", total=None)

        def show(tick: Tick) -> None:
            trouble = f" [red]{tick.faults} not graded[/red]" if tick.faults else ""
            told = escape(tick.student) or "starting"
            bar.update(task, description=f"{told}{trouble}", completed=tick.done, total=tick.total)

        yield show
