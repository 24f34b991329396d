"""What is kept of the outputs that a student's code made: text, pictures and errors, within limits.

Everything else that outputs may hold (HTML, JavaScript, widgets, SVG, LaTeX, metadata) is left out: who opens the
graded notebook, or the page nbgrader makes of it, runs none of it and loads nothing from elsewhere.
"""

from __future__ import annotations

import base64
import binascii
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import nbformat
from nbformat import NotebookNode

MAX_OUTPUTS = 100  # of one cell
MAX_TEXT = 20_000  # characters of one cell
MAX_TRACEBACK = 8_000  # characters of one error: its end is what matters
MAX_IMAGE_BYTES = 2_000_000  # of all pictures of one cell
MAX_IMAGE_SIDE = 4_096  # pixels
PNG_START = b"\x89PNG\r\n\x1a\n"
_PNG_HEADER = struct.Struct(">8sI4sII")  # signature, length and name of the first chunk, width, height


@dataclass
class _Allowance:
    """How much a cell may still show."""

    text: int = MAX_TEXT
    image: int = MAX_IMAGE_BYTES

    def cut(self, text: str) -> str:
        """Return the text, or as much of it as is left with a note of what is missing."""
        kept, missing = text[: self.text], len(text) - self.text
        self.text = max(self.text - len(text), 0)
        return kept if missing <= 0 else f"{kept}\n[{missing} more characters left out]"


def student_outputs(outputs: Iterable[Mapping[str, Any]]) -> list[NotebookNode]:
    """Return what is kept of one cell's outputs, in order."""
    allowance = _Allowance()
    kept: list[NotebookNode] = []
    for made in _joined(outputs):
        if len(kept) == MAX_OUTPUTS:
            kept.append(output("stream", name="stderr", text="[more outputs left out]\n"))
            break
        match made.get("output_type"):
            case "stream" if allowance.text:
                kept.append(_stream(made, allowance))
            case "display_data" | "execute_result":
                kept.extend(_display(made, allowance))
            case "error":
                kept.append(_error(made))
    return kept


def output(kind: str, **fields: Any) -> NotebookNode:
    """Return an output of a cell as nbformat has it."""
    made: NotebookNode = nbformat.from_dict({"output_type": kind, **fields})
    return made


def _joined(outputs: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Join streams of the same name that follow each other, so that many small prints are one output."""
    joined: list[dict[str, Any]] = []
    for output in outputs:
        last = joined[-1] if joined else {}
        if (
            output.get("output_type") == last.get("output_type") == "stream"
            and output.get("name") == last["name"]
        ):
            last["text"].append(_text(output.get("text")))
        elif output.get("output_type") == "stream":
            joined.append({**output, "name": output.get("name"), "text": [_text(output.get("text"))]})
        else:
            joined.append(dict(output))
    return joined


def _stream(output: Mapping[str, Any], allowance: _Allowance) -> NotebookNode:
    name = "stderr" if output["name"] == "stderr" else "stdout"
    return new_output("stream", name=name, text=allowance.cut(_text(output["text"])))


def _display(output: Mapping[str, Any], allowance: _Allowance) -> Iterable[NotebookNode]:
    """Yield a display reduced to its picture and its plain text, nothing when it has neither."""
    data = output.get("data")
    data = data if isinstance(data, Mapping) else {}
    kept: dict[str, str] = {}
    if picture := png(data.get("image/png"), allowance.image):
        allowance.image -= len(picture)
        kept["image/png"] = picture
    if "text/plain" in data and allowance.text:
        kept["text/plain"] = allowance.cut(_text(data["text/plain"]))
    if not kept:
        return
    if output["output_type"] == "display_data":
        yield new_output("display_data", data=kept)
    else:
        count = output.get("execution_count")
        yield new_output(
            "execute_result", data=kept, execution_count=count if isinstance(count, int) else None
        )


def _error(output: Mapping[str, Any]) -> NotebookNode:
    lines = output.get("traceback")
    trace = "\n".join(_text(line) for line in lines) if isinstance(lines, list | tuple) else _text(lines)
    cut = f"[the beginning is left out]\n{trace[-MAX_TRACEBACK:]}" if len(trace) > MAX_TRACEBACK else trace
    name, value = (_text(output.get(key))[:1_000] for key in ("ename", "evalue"))
    return new_output("error", ename=name, evalue=value, traceback=cut.split("\n"))


def png(data: object, limit: int = MAX_IMAGE_BYTES) -> str | None:
    """Return base64 text as it should be if it is that of a PNG picture of at most `limit` bytes and a sane size, else None."""
    text = _text(data)
    if len(text) > limit * 1.4:
        return None
    try:
        raw = base64.b64decode("".join(text.split()), validate=True)
        start, _, chunk, width, height = _PNG_HEADER.unpack_from(raw)
    except (binascii.Error, struct.error, ValueError):
        return None
    sane = 0 < width <= MAX_IMAGE_SIDE and 0 < height <= MAX_IMAGE_SIDE
    if start != PNG_START or chunk != b"IHDR" or not sane or len(raw) > limit:
        return None
    return base64.b64encode(raw).decode("ascii")


def _text(value: object) -> str:
    """Return a notebook's text field as one string that can be written as UTF-8."""
    text = (
        "".join(map(str, value)) if isinstance(value, list | tuple) else "" if value is None else str(value)
    )
    return text.encode("utf-8", "replace").decode("utf-8")
