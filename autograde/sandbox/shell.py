"""The IPython shell of the student's process: runs cells as a Jupyter kernel does and sends their outputs."""

from __future__ import annotations

import asyncio
import sys
from types import TracebackType
from typing import Any

from IPython.core.async_helpers import get_asyncio_loop
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.text import SList
from traitlets import Type
from traitlets.config import Config

from autograde.sandbox import stand_ins
from autograde.sandbox.confine import Limits
from autograde.sandbox.outputs import Outputs, Stream, bundle

_MAX_FRAMES = 40  # of a traceback
_IMAGES = ("image/png", "image/jpeg", "image/svg+xml", "application/pdf")
# Cell magics that hand the cell to another program.
_PROGRAM_MAGICS = frozenset(
    {"script", "bash", "sh", "perl", "ruby", "python", "python2", "python3", "pypy", "system", "sx", "!"}
)


class StudentDisplayHook(DisplayHook):
    """Shows the value of a cell's last expression."""

    def write_output_prompt(self) -> None:
        """Write nothing: the execution count goes along with the value."""

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        """Send the value."""
        shell = self.shell
        assert isinstance(shell, StudentShell)
        output = {"output_type": "execute_result", "execution_count": shell.running_count}
        shell.outputs.show(output | {"data": bundle(format_dict), "metadata": {}})

    def finish_displayhook(self) -> None:
        """Do nothing: the value has been sent."""


class StudentDisplayPublisher(DisplayPublisher):
    """Shows what `display` and plots publish."""

    def publish(self, data: Any, metadata: Any = None, source: Any = None, **options: Any) -> None:
        """Send a MIME bundle; an update of an earlier display is shown anew."""
        shell = self.shell
        assert isinstance(shell, StudentShell)
        shell.outputs.show({"output_type": "display_data", "data": bundle(data), "metadata": {}})

    def clear_output(self, wait: bool = False) -> None:
        """Take back what the cell has shown so far."""
        shell = self.shell
        assert isinstance(shell, StudentShell)
        shell.outputs.clear(wait=wait)


class StudentShell(InteractiveShell):
    """An IPython shell without terminal, history or kernel."""

    displayhook_class = Type(StudentDisplayHook)
    display_pub_class = Type(StudentDisplayPublisher)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.outputs = Outputs()
        self.limits = Limits(memory=0)
        self.running_count = 0
        super().__init__(*args, **kwargs)  # type: ignore[no-untyped-call]

    @classmethod
    def build(cls, folder: str) -> StudentShell:
        """Return the process's shell; it keeps nothing on disk and starts no thread."""
        config = Config()
        config.HistoryManager.enabled = False
        config.HistoryManager.hist_file = ":memory:"
        config.InlineBackend.close_figures = True
        shell = cls.instance(config=config, ipython_dir=folder)
        assert isinstance(shell, cls)
        shell.db = {}  # `%cd` and the like keep things here; the default is a folder of the server's
        for name in _PROGRAM_MAGICS.intersection(shell.magics_manager.magics["cell"]):
            shell.magics_manager.magics["cell"][name] = shell._skip_program
        return shell

    def system(self, cmd: str) -> None:
        """Say that `!cmd` is not run."""
        self.outputs.write("stderr", stand_ins.program_note(cmd))
        self.user_ns["_exit_code"] = 126  # what a shell gives for a command that cannot be started

    def getoutput(self, cmd: str, split: bool = True, depth: int = 0) -> Any:
        """Say that `name = !cmd` is not run, and return no output."""
        self.system(cmd)
        return SList() if split else ""

    def _skip_program(self, line: str, cell: str = "") -> None:
        self.system(f"{line} {cell}")

    def enable_gui(self, gui: Any = None) -> None:
        """Do nothing: there is no window system."""

    def enable_matplotlib(self, gui: str | None = None) -> Any:
        """Plot as with `%matplotlib inline`: a graded notebook has no page for interactive plots."""
        return super().enable_matplotlib("inline")  # type: ignore[no-untyped-call]

    def ask_exit(self) -> None:
        """Do nothing: `exit` and `quit` do not end a notebook's run."""

    def showtraceback(self, exc_tuple: Any = None, *args: Any, **options: Any) -> None:
        """Show an error; formatting all 1000 frames of a runaway recursion would take half a minute."""
        error = exc_tuple[1] if exc_tuple else sys.exc_info()[1]
        if isinstance(error, BaseException):
            for each in with_causes(error):
                each.__traceback__ = shortened(each.__traceback__)
            stand_ins.explain(error, self.limits.memory)
            exc_tuple = (type(error), error, error.__traceback__)
        super().showtraceback(exc_tuple, *args, **options)

    def _showtraceback(self, etype: Any, evalue: Any, stb: list[str]) -> None:
        self.outputs.error(str(getattr(etype, "__name__", etype)), _text_of(evalue), stb)

    def should_run_async(self, raw_cell: str, **options: Any) -> bool:
        """As in a Jupyter kernel, an event loop runs while any cell does."""
        return asyncio._get_running_loop() is None

    def run(self, source: str) -> tuple[bool, int | None]:
        """Run one cell; return whether it ended without error, and its execution count if it counts."""
        self.running_count = self.execution_count
        for name in ("stdout", "stderr"):
            if not hasattr(getattr(sys, name, None), "write"):  # a cell before put something else there
                setattr(sys, name, Stream(name, self.outputs))
        result = self.run_cell(source, store_history=True)  # type: ignore[no-untyped-call]
        self.outputs.flush()
        count = self.running_count if self.execution_count > self.running_count else None
        return bool(result is not None and result.success), count

    def draw_images(self, *, wanted: bool) -> None:
        """Turn the making of images on or off: most of a plot's cost, and nothing that code can see."""
        assert self.display_formatter is not None
        for name in _IMAGES:
            self.display_formatter.formatters[name].enabled = wanted

    def close_loop(self) -> None:
        """Close the event loop: processes forked from this one cannot share it, and make their own."""
        get_asyncio_loop().close()


def with_causes(error: BaseException) -> list[BaseException]:
    """Return an error and those that led to it."""
    found = {id(error): error}
    following = error.__cause__ or error.__context__
    while following is not None and id(following) not in found:
        found[id(following)] = following
        following = following.__cause__ or following.__context__
    return list(found.values())


def shortened(trace: TracebackType | None) -> TracebackType | None:
    """Return a traceback without the middle of its frames if it has very many."""
    steps: list[TracebackType] = []
    following = trace
    while following is not None:
        steps.append(following)
        following = following.tb_next
    if len(steps) <= _MAX_FRAMES:
        return trace
    last: TracebackType | None = steps[-_MAX_FRAMES // 2]
    for step in reversed(steps[: _MAX_FRAMES // 2]):
        last = TracebackType(last, step.tb_frame, step.tb_lasti, step.tb_lineno)
    return last


def _text_of(value: object) -> str:
    try:
        return str(value)
    except Exception:
        return f"<{type(value).__name__} that cannot be printed>"
