"""A notebook's first cells, run once for everybody who left them as they were released.

Up to its first solution cell a submission mostly runs what everybody's runs: imports, helpers, the text's
experiments. They are run once, by a server forked for the notebook, and processes fork from there. Outputs
and results are those of a process that runs the cells itself; where that is in doubt, each process does.
"""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from nbformat import NotebookNode

from autograde.course import Course
from autograde.errors import ServerError
from autograde.notebook import Role, read_notebook, role
from autograde.sandbox.answers import CellRun
from autograde.sandbox.confine import Limits
from autograde.sandbox.folder import Allowance, copy_files
from autograde.sandbox.session import Begun, Bounds, Session
from autograde.sandbox.warm import Branch, ForkServer, WarmServer


@dataclass(frozen=True)
class Opening:
    """A server that has run `sources` in `folder`."""

    sources: tuple[str, ...]
    branch: Branch
    folder: Path
    problem: str = ""  # what went wrong in the first cell that did not end well

    @property
    def begun(self) -> Begun:
        """What its cells took."""
        shown = sum(_size(output) for run in self.branch.runs for output in run.outputs)
        return Begun(sum(run.seconds for run in self.branch.runs), shown)


class Openings:
    """The openings of notebooks, each made when it is first of use. Use as a context manager.

    With `shared` false there are none: every process of a submission runs all of its cells.
    """

    def __init__(self, server: WarmServer, *, shared: bool = True) -> None:
        self._server = server
        self._shared = shared
        self._made: dict[tuple[Course, str, str], Opening | None] = {}
        self._stages: dict[tuple[Course, str, str], list[Opening]] = {}
        self._closing = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.close()

    def start(
        self, course: Course, assignment: str, notebook: str, sources: Sequence[str], bounds: Bounds
    ) -> tuple[Session, tuple[CellRun, ...]]:
        """Return a session for a run of `sources`, and how those of them ran that it has behind it.

        Raises:
            ServerError: the server is gone.

        """
        seed = course.settings.seed
        opening = self._of(course, assignment, notebook)
        if opening is None or tuple(sources[: len(opening.sources)]) != opening.sources:
            files = course.student_files(assignment)
            return Session(self._server, bounds, seed, files), ()
        session = Session(opening.branch, bounds, seed, opening.folder, opening.begun)
        return session, opening.branch.runs

    def reach(self, course: Course, assignment: str, notebook: str, sources: Sequence[str]) -> Opening:
        """Return a server that has run all of `sources`, of which none may be a student's.

        It goes on from the furthest one there is, and is there for those that go further.

        Raises:
            ServerError: the server is gone, or the cells do not come to an end.

        """
        key = course, assignment, notebook
        stages = [*self._stages.setdefault(key, []), *([one] if (one := self._of(*key)) else [])]
        before = [stage for stage in stages if tuple(sources[: len(stage.sources)]) == stage.sources]
        nearest = max(before, key=lambda stage: len(stage.sources), default=None)
        if nearest is not None and len(nearest.sources) == len(sources):
            return nearest
        server, files = self._start_of(nearest, course, assignment)
        rest = sources[len(nearest.sources) :] if nearest else sources
        limits = bounds_of(course, notebook).limits
        branch, folder = self._branch(server, rest, files, course.settings.seed, limits, images=False)
        problem = (nearest.problem if nearest else "") or branch.problem
        made = Opening(tuple(sources), branch, folder, problem)
        if not branch.obstacle:
            self._stages[key].append(made)
        return made

    def _start_of(self, stage: Opening | None, course: Course, assignment: str) -> tuple[ForkServer, Path]:
        if stage is None:
            return self._server, course.student_files(assignment)
        return stage.branch, stage.folder

    def _of(self, course: Course, assignment: str, notebook: str) -> Opening | None:
        key = course, assignment, notebook
        if key not in self._made:
            self._made[key] = self._make(*key) if self._shared else None
        return self._made[key]

    def _make(self, course: Course, assignment: str, notebook: str) -> Opening | None:
        released = read_notebook(course.release(assignment, notebook))
        sources = tuple(_before_the_first_answer(released))
        if not sources:
            return None
        bounds = bounds_of(course, notebook)
        files = course.student_files(assignment)
        try:
            branch, folder = self._branch(
                self._server, sources, files, course.settings.seed, bounds.limits, images=True
            )
        except ServerError:  # of this server, or of the cells: then whoever runs them is told
            return None
        return Opening(sources, branch, folder, branch.problem) if _like_others(branch, bounds) else None

    def _branch(
        self,
        server: ForkServer,
        sources: Sequence[str],
        files: Path,
        seed: int,
        limits: Limits,
        *,
        images: bool,
    ) -> tuple[Branch, Path]:
        folder = Path(self._closing.enter_context(tempfile.TemporaryDirectory(prefix="autograde-branch-")))
        copy_files(files, folder)
        branch = server.branch(sources, folder, seed, limits, images=images)
        self._closing.callback(branch.close)
        return branch, folder


def _before_the_first_answer(released: NotebookNode) -> Iterator[str]:
    """Yield the code cells that come before anything a student has to write."""
    for cell in itertools.takewhile(
        lambda cell: role(cell) not in (Role.SOLUTION, Role.GRADE), released.cells
    ):
        if cell.cell_type == "code":
            yield cell.source


def _like_others(branch: Branch, bounds: Bounds) -> bool:
    """Whether a process that goes on from here is like one that ran the cells itself, within its bounds."""
    seconds = [run.seconds for run in branch.runs]
    return not branch.obstacle and max(seconds) < bounds.cell_seconds and sum(seconds) < bounds.run_seconds


def _size(output: dict[str, object]) -> int:
    return len(str(output.get("text", ""))) + sum(map(len, _texts(output.get("data"))))


def _texts(data: object) -> list[str]:
    return [str(text) for text in data.values()] if isinstance(data, dict) else []


def bounds_of(course: Course, notebook: str) -> Bounds:
    """Return the bounds of one student's process that runs this notebook."""
    settings = course.settings.of(notebook)
    limits = Limits(
        memory=settings.memory_mb * 2**20,
        cpu_seconds=settings.cpu_seconds,
        file_size=settings.file_mb * 2**20,
        output=settings.output_kb * 2**10,
        displays=settings.displays,
    )
    folder = Allowance(settings.folder_mb * 2**20, settings.folder_files)
    return Bounds(settings.cell_seconds, settings.probe_seconds, settings.run_seconds, limits, folder)
