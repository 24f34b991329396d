"""What a student's cell prints and shows: collected, kept within its limit, and sent."""

from __future__ import annotations

import base64
import io
import os
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

Output = dict[str, Any]
"""One output of a cell, in nbformat's shape."""

_FLUSH_CHARACTERS = 8192
_FLUSH_SECONDS = 0.25
_COST = 20  # each output counts as this many characters more: the grader takes many frames for a flood


class Outputs:
    """Collects what a cell prints and shows, merges small writes, and sends it within the cell's limit."""

    def __init__(self) -> None:
        self._send: Callable[[Output], None] = lambda output: None
        self._lock = threading.RLock()
        self._limit = self._most_displays = 0
        self._muted = True
        self._begin(0)

    def connect(self, send: Callable[[Output], None], limit: int, displays: int = 100) -> None:
        """Send outputs with `send`, at most `limit` characters and `displays` rich ones for each cell."""
        self._send, self._limit, self._most_displays = send, limit, displays

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
            if self._left < 0 or self._displays > self._most_displays:
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
        most = f"{self._limit // 1024} KB"
        if self._displays > self._most_displays:
            most = f"{self._most_displays} plots and other displays"
        note = f"\n[The output of this cell was cut off: it is limited to {most}.]\n"
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
