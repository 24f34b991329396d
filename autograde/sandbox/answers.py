"""What comes back from the student's process, taken apart with care: every field may be forged."""

from __future__ import annotations

import signal
from dataclasses import dataclass
from typing import Any

Output = dict[str, Any]
"""One output of a cell, in nbformat's shape."""

_SHOWN = ("execute_result", "display_data")


@dataclass(frozen=True)
class CellRun:
    """How one cell ran. `loss` is empty, or says in words why its process was lost."""

    fine: bool
    outputs: tuple[Output, ...]
    count: int | None = None
    seconds: float = 0.0
    loss: str = ""

    @property
    def problem(self) -> str:
        """Why it did not end well, in one line; "" if it did."""
        if self.fine:
            return ""
        errors = (output["evalue"] for output in self.outputs if output["output_type"] == "error")
        return self.loss or next(errors, "an error")


@dataclass(frozen=True)
class Request:
    """A probe as it is sent: `source` defines `name`, called with the student's `names` and the inputs."""

    name: str
    source: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Value:
    """A probe's answer: data, arrays as numpy arrays."""

    value: Any
    seconds: float = 0.0


@dataclass(frozen=True)
class Failure:
    """No answer: why, in words for the student. `kind` is "missing", "raised", "unsendable" or "lost"."""

    kind: str
    text: str
    line: str = ""
    seconds: float = 0.0


def add_output(outputs: list[Output], output: Any) -> None:
    """Append an output if it has nbformat's shape, joining text of one stream; anything else is dropped."""
    # Types are matched before values are compared: a forged field may be an array, and comparing that raises.
    match output:
        case {"output_type": str("clear")}:
            outputs.clear()
        case {"output_type": str("stream"), "name": str() as name, "text": str() as text}:
            _add_text(outputs, "stderr" if name == "stderr" else "stdout", text)
        case {"output_type": str("error"), "ename": str(), "evalue": str(), "traceback": list() as lines}:
            trace = [line for line in lines if isinstance(line, str)]
            told = {name: output[name] for name in ("output_type", "ename", "evalue")}
            outputs.append(told | {"traceback": trace})
        case {"output_type": str() as kind, "data": dict() as data} if kind in _SHOWN:
            shown = {name: text for name, text in data.items() if _is_text(name) and _is_text(text)}
            count = {"execution_count": count_of(output, "execution_count")} if kind == _SHOWN[0] else {}
            outputs.append({"output_type": kind, "data": shown, "metadata": {}} | count)


def _add_text(outputs: list[Output], name: str, text: str) -> None:
    if outputs and outputs[-1]["output_type"] == "stream" and outputs[-1]["name"] == name:
        joined = outputs[-1].pop("text")
        joined += (
            text  # in place, as nothing else holds it: a flood of small pieces would be copied each time
        )
        outputs[-1]["text"] = joined
    else:
        outputs.append({"output_type": "stream", "name": name, "text": text})


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def is_about(message: Any, request: int) -> bool:
    """Whether a message is well-formed and belongs to the request of that number."""
    match message:
        case {"id": int() as number, "is": str()}:
            return bool(number == request)
    return False


def count_of(answer: dict[str, Any], name: str) -> int | None:
    """Return a count of an answer, None if it is none that a notebook could hold."""
    count = answer.get(name)
    return count if type(count) is int and 0 <= count < 2**31 else None


def seconds_of(answer: dict[str, Any]) -> float:
    """Return how long the process says that the request took."""
    seconds = answer.get("seconds")
    return seconds if isinstance(seconds, float) and 0 <= seconds < 1e6 else 0.0


def read_run(answer: dict[str, Any], outputs: list[Output]) -> CellRun:
    """Return what the answer to a cell says; `is_about` must hold for it."""
    fine = answer.get("fine") is True
    return CellRun(fine, tuple(outputs), count_of(answer, "count"), seconds_of(answer))


def read_answer(answer: dict[str, Any]) -> Value | Failure:
    """Return what a probe's answer says; `is_about` must hold for it."""
    match answer:
        case {"is": "value", "value": value}:
            return Value(value, seconds_of(answer))
        case {"is": "missing", "names": [str() as name, *_]}:
            return Failure("missing", f"`{name[:100]}` is not defined: is its cell missing, or did it fail?")
        case {"is": "raised", "text": str() as text, "line": str() as line}:
            return Failure("raised", text[:500], line[:200], seconds_of(answer))
        case {"is": "unsendable", "text": str() as text}:
            return Failure("unsendable", f"its result cannot be read: {text[:300]}")
        case _:
            return Failure("unsendable", "its result cannot be read")


def ending(code: int | None) -> str:
    """Return in words how a process ended that had broken off; `code` is None if it had to be killed."""
    match code:
        case None:
            return "it broke off the connection to the grader"
        case 0:
            return "it ended the Python process"
        case code if code > 0:
            return f"it ended the Python process with exit code {code}"
        case _:
            causes: dict[int, str] = {
                signal.SIGSEGV: "a crash in compiled code",
                signal.SIGKILL: "out of memory?",
                signal.SIGXCPU: "it used up its processor time",
            }
            cause = causes.get(-code, "an abort")
            name = signal.strsignal(-code) or f"signal {-code}"
            return f"its process was killed ({name}): {cause}"
