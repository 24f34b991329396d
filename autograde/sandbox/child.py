"""Inside the student's process: answers the grader's requests to run a cell or a probe.

Everything sent from here can be forged by the student's code in the same process. The grader treats it so.
"""

from __future__ import annotations

import builtins
import contextlib
import linecache
import os
import random
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Callable
from types import TracebackType
from typing import Any

import numpy as np
import torch

from autograde.sandbox import stand_ins, wire
from autograde.sandbox.channel import Channel, Closed
from autograde.sandbox.confine import Limits
from autograde.sandbox.outputs import DescriptorCapture, Output, Stream
from autograde.sandbox.shell import StudentShell

# Taken before any student code: `torch.manual_seed = 0` is a slip of the pen that must not end the process.
_SEEDERS = (random.seed, np.random.seed, torch.default_generator.manual_seed)
_PUT_BACK: tuple[tuple[Callable[[Any], object], Any], ...] = (
    (torch.set_grad_enabled, True),
    (torch.set_default_dtype, torch.float32),
    (torch.set_num_threads, 1),
    (torch.use_deterministic_algorithms, False),
    (torch.autograd.set_detect_anomaly, False),
    (sys.settrace, None),
    (sys.setprofile, None),
)
_NUMPY_NAMES = frozenset(wire.ITEM_SIZES) - {"bfloat16"}


class Cells:
    """Runs cells in this process. Whatever they show, in whichever way, goes to `send`."""

    def __init__(self, shell: StudentShell, limits: Limits, send: Callable[[Output], None]) -> None:
        """Put this process's streams, import path and working folder in order."""
        self._shell = shell
        self._limits = shell.limits = limits
        shell.outputs.connect(send, limits.output, limits.displays)
        sys.stdout, sys.stderr = Stream("stdout", shell.outputs), Stream("stderr", shell.outputs)
        sys.__stdout__, sys.__stderr__ = sys.stdout, sys.stderr  # type: ignore[misc, assignment]
        tempfile.tempdir = None  # the server's folder is not this process's
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 # lives as long as the process
        self._descriptors = DescriptorCapture(self._file.fileno())

    def begin(self, seed: int) -> None:
        """Make ready for a notebook's first cell."""
        sys.path.insert(0, "")  # a notebook finds the modules that lie beside it
        stand_ins.install()
        restore_defaults(seed)

    def run(self, source: str, *, muted: bool, images: bool) -> dict[str, Any]:
        """Run one cell; `muted` drops what it shows, and without `images` no plot is drawn."""
        self._descriptors.take(0)  # written since the last cell, by a probe or a thread
        self._shell.outputs.begin(muted=muted)
        self._shell.draw_images(wanted=images and not muted)
        started = time.perf_counter()
        fine, count = self._shell.run(source)
        seconds = time.perf_counter() - started
        self._shell.outputs.write("stdout", self._descriptors.take(self._limits.output + 1))
        self._shell.outputs.flush()
        self._shell.outputs.begin(muted=True)
        return {"is": "ran", "fine": fine, "count": count, "seconds": seconds}


class Child:
    """One student's process, from fork to end."""

    def __init__(self, channel: Channel, shell: StudentShell, limits: Limits, seed: int | None) -> None:
        self._channel = channel
        self._shell = shell
        self._limits = limits
        self._request = 0
        self._cells = Cells(shell, limits, self._send_output)
        if seed is not None:  # otherwise cells have been run before the fork, and this goes on from there
            self._cells.begin(seed)
        stand_ins.refuse()

    def serve(self) -> None:
        """Answer requests until the grader closes the channel."""
        while True:
            try:
                request = wire.decode(self._channel.receive(), build=tensor_from)
            except Closed:
                return
            self._request = request["id"]
            if request["do"] == "cell":
                show = {"muted": request["muted"], "images": request["images"]}
                self._reply(self._cells.run(request["source"], **show))
            else:
                self._reply(self._run_probe(request))

    def _reply(self, answer: dict[str, Any]) -> None:
        try:
            payload = wire.encode(answer | {"id": self._request}, adapt)
        except Exception as error:  # a value with methods that raise, or one too large
            reason = f"{error}" if isinstance(error, wire.WireError) else describe(error)
            payload = wire.encode({"id": self._request, "is": "unsendable", "text": reason[:500]})
        self._channel.send(payload)

    def _send_output(self, output: Output) -> None:
        self._channel.send(wire.encode({"id": self._request, "is": "output", "output": output}))

    def _run_probe(self, request: dict[str, Any]) -> dict[str, Any]:
        names = self._shell.user_ns
        missing = [name for name in request["names"] if name not in names]
        if missing:
            return {"is": "missing", "names": missing}
        arguments = {name: names[name] for name in request["names"]} | request["inputs"]
        restore_defaults(request["seed"])
        space: dict[str, Any] = {"__name__": "probe", "__builtins__": builtins}
        started = time.perf_counter()
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                exec(compile(request["source"], "<probe>", "exec"), space)
                value = space[request["name"]](**arguments)
            return {"is": "value", "value": value, "seconds": time.perf_counter() - started}
        except BaseException as error:
            return self._raised(error) | {"seconds": time.perf_counter() - started}
        finally:
            close_figures()

    def _raised(self, error: BaseException) -> dict[str, Any]:
        stand_ins.explain(error, self._limits.memory)
        return {
            "is": "raised",
            "type": type(error).__name__[:100],
            "text": describe(error),
            "line": student_line(error.__traceback__),
        }


def describe(error: BaseException) -> str:
    """Return an exception as one line, whatever its own methods do."""
    try:
        return " ".join("".join(traceback.format_exception_only(error)).split())[:500]
    except Exception:
        return type(error).__name__[:100]


def student_line(trace: TracebackType | None) -> str:
    """Return the innermost line of the student's own code that an exception passed through, or ""."""
    found = ""
    for frame, number in traceback.walk_tb(trace):
        name = frame.f_code.co_filename
        if name.startswith("<ipython-input-"):
            found = linecache.getline(name, number).strip()[:200] or found
    return found


def restore_defaults(seed: int) -> None:
    """Put back what student code may have changed for the whole process, and seed every generator."""
    for give_seed in _SEEDERS:
        give_seed(seed)
    for put_back, value in _PUT_BACK:
        put_back(value)
    with contextlib.suppress(OSError):
        os.chdir(os.environ.get("HOME", "."))
    close_figures()


def close_figures() -> None:
    """Close all open figures, if plotting was ever used."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        with contextlib.suppress(Exception):  # student code may have put something else in its place
            pyplot.close("all")


def adapt(value: Any) -> wire.Array | wire.Opaque | bool | int | float | complex | str:
    """Turn tensors, numpy arrays and numpy scalars into what the wire carries."""
    if isinstance(value, torch.Tensor):
        return _from_tensor(value)
    if isinstance(value, np.generic):
        plain = value.item()
        return (
            plain
            if isinstance(plain, bool | int | float | complex | str)
            else wire.Opaque(type(value).__name__)
        )
    if isinstance(value, np.ndarray) and value.dtype.name in _NUMPY_NAMES:
        little = np.asarray(value).astype(value.dtype.newbyteorder("<"), copy=False)
        return wire.Array("array", value.dtype.name, value.shape, little.tobytes())
    return wire.Opaque(type(value).__name__)


def _from_tensor(value: torch.Tensor) -> wire.Array | wire.Opaque:
    with torch._C.DisableTorchFunctionSubclass():  # a subclass must not answer for the numbers it holds
        name = str(value.dtype).removeprefix("torch.")
        if name not in wire.ITEM_SIZES or value.layout is not torch.strided:
            return wire.Opaque(f"{type(value).__name__} of {name}")
        plain = value.detach().cpu().resolve_conj().resolve_neg().contiguous()
        shape = tuple(plain.shape)
        if name == "bfloat16":
            plain = plain.view(torch.int16)
        return wire.Array("tensor", name, shape, plain.numpy().tobytes())


def tensor_from(array: wire.Array) -> torch.Tensor:
    """Build the tensor that an input array arrives as."""
    flat = torch.frombuffer(bytearray(array.raw) + bytearray(16), dtype=getattr(torch, array.dtype))
    return flat[: len(array.raw) // wire.ITEM_SIZES[array.dtype]].reshape(array.shape)
