"""The IPython shell of the student's process: runs cells as a Jupyter kernel does and sends their outputs."""

from __future__ import annotations

import asyncio
import base64
import io
import os
import sys
import threading
import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, NoReturn

from IPython.core.async_helpers import get_asyncio_loop
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.error import StdinNotImplementedError
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type
from traitlets.config import Config

Output = dict[str, Any]
"""One output of a cell, in nbformat's shape."""

_FLUSH_CHARACTERS = 8192
_FLUSH_SECONDS = 0.25
_MAX_DISPLAYS = 100
_MAX_FRAMES = 40
_COST = 20  # each output counts as this many characters more: the grader takes many frames for a flood


class Outputs:
    """Collects what a cell prints and shows, merges small writes, and sends it within the cell's limit."""

    def __init__(self) -> None:
        self._send: Callable[[Output], None] = lambda output: None
        self._lock = threading.RLock()
        self._limit = 0
        self._muted = True
        self._begin(0)

    def connect(self, send: Callable[[Output], None], limit: int) -> None:
        """Send outputs with `send`, at most `limit` characters for each cell."""
        self._send, self._limit = send, limit

    def begin(self, *, muted: bool) -> None:
        """Start a cell; what a muted one shows is dropped."""
        with self._lock:
            self._muted = muted
            self._begin(self._limit)

    def _begin(self, left: int) -> None:
        self._left = left
        self._full = False
        self._displays = 0
        self._clear_first = False
        self._name, self._parts, self._size, self._since = "", list[str](), 0, time.monotonic()

    def write(self, name: str, text: str) -> None:
        """Add text to the stream `name`."""
        with self._lock:
            if not text or self._muted or self._full:
                return
            self._clear_if_due()
            if name != self._name:
                self._flush()
            kept = text[: max(self._left, 0)]
            self._left -= len(text)
            self._name = name
            self._parts.append(kept)
            self._size += len(kept)
            if self._left < 0:
                self._cut()
            elif self._size > _FLUSH_CHARACTERS or time.monotonic() - self._since > _FLUSH_SECONDS:
                self._flush()

    def show(self, output: Output) -> None:
        """Add a rich output or an error."""
        with self._lock:
            if self._muted or self._full:
                return
            self._displays += 1
            self._left -= _COST + sum(len(text) for text in output.get("data", {}).values())
            if self._left < 0 or self._displays > _MAX_DISPLAYS:
                self._cut()
            else:
                self._clear_if_due()
                self._flush()
                self._send(output)

    def error(self, name: str, value: str, traceback: list[str]) -> None:
        """Add an error; it is sent even when the cell's outputs have been cut off."""
        with self._lock:
            if not self._muted:
                self._flush()
                traceback = [line[:4000] for line in traceback[-30:]]
                self._send(
                    {"output_type": "error", "ename": name, "evalue": value[:2000], "traceback": traceback}
                )

    def clear(self, *, wait: bool) -> None:
        """Take back what the cell has shown so far: now, or when there is something to take its place."""
        with self._lock:
            if not (self._muted or self._full):  # the note of a cut stays
                self._clear_first = True
                if not wait:
                    self._clear_if_due()

    def _clear_if_due(self) -> None:
        if self._clear_first:
            self._clear_first = False
            self._parts.clear()
            self._left -= _COST
            self._send({"output_type": "clear"})

    def flush(self) -> None:
        """Send what is waiting."""
        with self._lock:
            self._flush()

    def _flush(self) -> None:
        if self._parts and not self._muted:
            self._left -= _COST
            self._send({"output_type": "stream", "name": self._name, "text": "".join(self._parts)})
        self._parts.clear()
        self._size, self._since = 0, time.monotonic()

    def _cut(self) -> None:
        self._full = True
        self._flush()
        note = f"\n[The output of this cell was cut off: it is limited to {self._limit // 1024} KB.]\n"
        self._send({"output_type": "stream", "name": "stdout", "text": note})


class Stream(io.TextIOBase):
    """`sys.stdout` or `sys.stderr` of the student's process."""

    def __init__(self, name: str, outputs: Outputs) -> None:
        self._name, self._outputs = name, outputs

    @property
    def encoding(self) -> str:  # type: ignore[override] # a plain attribute in the base class
        """Text is sent as UTF-8."""
        return "utf-8"

    def writable(self) -> bool:
        """Return True."""
        return True

    def write(self, text: str) -> int:
        """Write text; as in Jupyter, anything but text is an error."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._outputs.write(self._name, text)
        return len(text)

    def flush(self) -> None:
        """Send what is waiting."""
        self._outputs.flush()

    def fileno(self) -> int:
        """Return the descriptor that C code and child processes write to."""
        return {"stdout": 1, "stderr": 2}[self._name]


def bundle(data: Mapping[Any, Any]) -> dict[str, str]:
    """Return the text forms of a MIME bundle, images as base64; what is neither is left out."""
    found: dict[str, str] = {}
    for kind, value in data.items():
        if isinstance(value, bytes):
            found[str(kind)] = base64.b64encode(value).decode("ascii")
        elif isinstance(value, str):
            found[str(kind)] = value
    return found


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
        return shell

    def enable_gui(self, gui: Any = None) -> None:
        """Do nothing: there is no window system."""

    def ask_exit(self) -> None:
        """Do nothing: `exit` and `quit` do not end a notebook's run."""

    def showtraceback(self, exc_tuple: Any = None, *args: Any, **options: Any) -> None:
        """Show an error; formatting all 1000 frames of a runaway recursion would take half a minute."""
        error = exc_tuple[1] if exc_tuple else sys.exc_info()[1]
        if isinstance(error, BaseException):
            for each in with_causes(error):
                each.__traceback__ = shortened(each.__traceback__)
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

    def close_loop(self) -> None:
        """Close the event loop: processes forked from this one cannot share it, and make their own."""
        get_asyncio_loop().close()

    def run_trusted(self, sources: list[str]) -> str:
        """Run cells of the instructor's own, showing nothing; return "" or what went wrong."""
        shown: list[Output] = []
        self.outputs.connect(shown.append, 0)
        for source in sources:
            shown.clear()
            self.outputs.begin(muted=False)
            fine, _ = self.run(source)
            self.outputs.begin(muted=True)
            if not fine:
                errors = [output["evalue"] for output in shown if output["output_type"] == "error"]
                return f"{errors[0] if errors else 'an error'}, in the cell that begins `{source[:80]}`"
        return ""


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


def refuse_input(prompt: object = "") -> NoReturn:
    """Stand in for `input` and `getpass`: nobody is there to type."""
    __tracebackhide__ = True  # the student's own line is what matters
    raise StdinNotImplementedError(
        "input() does not work while a notebook is graded: give the value in the code."
    )


class DescriptorCapture:
    """Catches what C code and child processes write to descriptors 1 and 2, in a nameless file."""

    def __init__(self, descriptor: int) -> None:
        self._file = descriptor
        self._position = 0
        os.dup2(descriptor, 1)
        os.dup2(descriptor, 2)

    def take(self, limit: int) -> str:
        """Return what was written since the last call, at most `limit` bytes of it."""
        end = os.fstat(self._file).st_size
        raw = os.pread(self._file, min(end - self._position, limit), self._position)
        self._position = end
        return raw.decode("utf-8", "replace")
