"""What is kept of the outputs that a student's code made: text, pictures and errors, within limits.

Everything else that outputs may hold (HTML, JavaScript, widgets, SVG, LaTeX, metadata) is left out: whoever
opens the graded notebook, or the page nbgrader makes of it, runs none of it and loads nothing from elsewhere.
"""

from __future__ import annotations

import base64
import binascii
import re
import struct
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import nbformat
from nbformat import NotebookNode

MAX_OUTPUTS = 100  # of one cell
MAX_TEXT = 20_000  # characters of one cell
MAX_TRACEBACK = 8_000  # characters of one error, whose end is what matters
MAX_PICTURES = 3_000_000  # characters of base64 of one cell
MAX_SIDE = 4_096  # pixels
_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_START = struct.Struct(">8sI4sII")  # signature, length and kind of the first chunk, width, height
# Commands to a terminal that carry text, up to their end or that of the line; possessive, lest it backtracks.
_COMMAND = re.compile(r"\x1b[\]PX^_][^\x07\x1b\n]*+(?:\x07|\x1b\\)?+")
_UNSEEN = re.compile(r"[\0-\x07\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

Output = Mapping[str, Any]


@dataclass
class _Allowance:
    """How many characters a cell may still show."""

    text: int = MAX_TEXT
    pictures: int = MAX_PICTURES

    def cut(self, text: str) -> str:
        """Return the text, or as much of it as there is room for and how much is missing."""
        kept, missing = text[: self.text], len(text) - self.text
        self.text = max(self.text - len(text), 0)
        return kept if missing <= 0 else f"{kept}\n[{missing} more characters left out]"


def new_output(kind: str, **content: Any) -> NotebookNode:
    """Return an output of a cell as nbformat has it."""
    made: NotebookNode = nbformat.from_dict({"output_type": kind, **content})
    return made


def student_outputs(outputs: Iterable[Output]) -> list[NotebookNode]:
    """Return what is kept of one cell's outputs, in order."""
    allowance = _Allowance()
    kept: list[NotebookNode] = []
    for output in _joined(outputs):
        if len(kept) == MAX_OUTPUTS:
            kept.append(new_output("stream", name="stderr", text="[more outputs left out]\n"))
            break
        match output.get("output_type"):
            case "stream" if allowance.text:
                name, text = output["name"], allowance.cut(output["text"])
                kept.append(new_output("stream", name=name, text=text))
            case "display_data" | "execute_result":
                kept.extend(_display(output, allowance))
            case "error":
                kept.append(_error(output))
    return kept


def _joined(outputs: Iterable[Output]) -> Iterator[Output]:
    """Join streams of the same name that follow each other, so that many small prints are one output."""
    name, parts = "", list[str]()
    for output in outputs:
        is_stream = output.get("output_type") == "stream"
        other = "stderr" if output.get("name") == "stderr" else "stdout"
        if parts and not (is_stream and other == name):
            yield {"output_type": "stream", "name": name, "text": "".join(parts)}
            parts = []
        if is_stream:
            name = other
            parts.append(_text(output.get("text")))
        else:
            yield output
    if parts:
        yield {"output_type": "stream", "name": name, "text": "".join(parts)}


def _display(output: Output, allowance: _Allowance) -> Iterator[NotebookNode]:
    """Yield a display reduced to its picture and its plain text, or nothing if it has neither."""
    data = output.get("data")
    data = data if isinstance(data, Mapping) else {}
    kept: dict[str, str] = {}
    if picture := png(data.get("image/png"), allowance.pictures):
        allowance.pictures -= len(picture)
        kept["image/png"] = picture
    if "text/plain" in data and allowance.text:
        kept["text/plain"] = allowance.cut(_text(data["text/plain"]))
    if kept and output["output_type"] == "display_data":
        yield new_output("display_data", data=kept, metadata={})
    elif kept:
        count = output.get("execution_count")
        count = count if type(count) is int and count >= 0 else None
        yield new_output("execute_result", data=kept, metadata={}, execution_count=count)


def _error(output: Output) -> NotebookNode:
    lines = output.get("traceback")
    trace = "\n".join(map(_text, lines)) if isinstance(lines, list | tuple) else _text(lines)
    if len(trace) > MAX_TRACEBACK:
        trace = f"[the beginning is left out]\n{trace[-MAX_TRACEBACK:]}"
    name, value = (_text(output.get(key))[:1_000] for key in ("ename", "evalue"))
    return new_output("error", ename=name, evalue=value, traceback=trace.split("\n"))


def png(data: object, limit: int = MAX_PICTURES) -> str | None:
    """Return the base64 text of a PNG picture; None if it is none, too large, or its text exceeds `limit`."""
    text = "".join(_text(data).split())
    if len(text) > limit:
        return None
    try:
        raw = base64.b64decode(text, validate=True)
        start, _, chunk, width, height = _PNG_START.unpack_from(raw)
    except (binascii.Error, struct.error, ValueError):
        return None
    sane = 0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE
    return base64.b64encode(raw).decode() if start == _PNG and chunk == b"IHDR" and sane else None


def _text(value: object) -> str:
    """Return a text field, which may be a list of lines, as one string that can be written and shown.

    Of what steers a terminal, the colours and movements that notebooks know are kept. Titles, links and
    clipboards are not, nor marks that have text read in another order than it stands in.
    """
    if isinstance(value, list | tuple):
        value = "".join(map(str, value))
    text = "" if value is None else str(value).encode("utf-8", "replace").decode("utf-8")
    return _UNSEEN.sub("\N{REPLACEMENT CHARACTER}", _COMMAND.sub("", text))
