"""The grader's end of one student's process: run cells and probes, survive crashes, hangs and floods.

A `Session` stands for one run of one notebook. When its process is lost, the next request forks a new one and
runs the cells again that had ended well, silently; a cell that killed its process is not run again.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from autograde.sandbox import wire
from autograde.sandbox.answers import (
    CellRun,
    Failure,
    Output,
    Request,
    Value,
    add_output,
    ending,
    is_about,
    read_answer,
    read_run,
    seconds_of,
)
from autograde.sandbox.arrays import array_from, numpy_from
from autograde.sandbox.channel import Channel, Closed, Late
from autograde.sandbox.confine import Limits
from autograde.sandbox.folder import Allowance, Overfull, WorkFolder
from autograde.sandbox.usage import Usage
from autograde.sandbox.warm import Forked, ForkServer

_FLOOD_FACTOR = 8  # the child itself stops at the output limit; past this multiple it is hostile
_RUN_FACTOR = 40  # of the limit for one cell, all cells' outputs together; what comes later is dropped
_IMPATIENCE = 5  # after a probe that hung the next ones get this much less time, until one answers
_GRACE_SECONDS = 0.5  # a process that has closed its channel is about to end by itself


@dataclass(frozen=True)
class Bounds:
    """How long and how much: seconds of a cell, a probe, the whole run; what a process may use and keep."""

    cell_seconds: float
    probe_seconds: float
    run_seconds: float
    limits: Limits
    folder: Allowance = field(default=Allowance(512 * 2**20, 10_000))


@dataclass(frozen=True)
class Begun:
    """What a run has used up before its process is forked: seconds, and bytes of output."""

    seconds: float = 0.0
    output: int = 0


class Session:
    """One run of one notebook in a process of its own. Use as a context manager.

    `files` is the folder whose files, but for notebooks, the process finds in its working folder. A server
    that has run the notebook's first cells says what they took in `begun`.
    """

    def __init__(
        self,
        server: ForkServer,
        bounds: Bounds,
        seed: int,
        files: Path | None = None,
        begun: Begun = Begun(),
    ) -> None:
        self._server = server
        self._bounds = bounds
        self._seed = seed
        self._files = files
        self._forked: Forked | None = None
        self._folder: WorkFolder | None = None
        self._usage: Usage | None = None
        self._begun = begun
        self._output = begun.output
        self._history: list[str] = []
        self._requests = 0
        self._end_of_run = 0.0
        self._probe_seconds = bounds.probe_seconds
        # What the process says it spent in cells and probes: for reports, not for marks.
        self.own_seconds = begun.seconds

    def __enter__(self) -> Self:
        self._end_of_run = time.monotonic() + self._bounds.run_seconds - self._begun.seconds
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lose()

    def run_cell(self, source: str, *, images: bool = True) -> CellRun:
        """Run one cell; however it ends, the session goes on. Without `images`, plots are not drawn."""
        if self.out_of_time:
            return CellRun(False, (), loss=self._out_of_time())
        loss = self._revive()
        run = CellRun(False, (), loss=loss) if loss else self._run(source, images=images)
        if not run.loss:
            self._history.append(source)
        return run

    def probe(self, request: Request, inputs: Mapping[str, Any], seed: int | None = None) -> Value | Failure:
        """Run a probe, with the session's seed or another; however it ends, the session goes on."""
        if self.out_of_time:
            return Failure("lost", self._out_of_time())
        loss = self._revive()
        if loss:
            return Failure("lost", loss)
        body: dict[str, Any] = {"name": request.name, "source": request.source}
        body |= {"names": list(request.names)}
        body |= {"seed": self._seed if seed is None else seed}
        answer = self._exchange({"do": "probe", "inputs": dict(inputs)} | body, [])
        if isinstance(answer, str):
            return Failure("lost", answer)
        self.own_seconds += seconds_of(answer)
        self._probe_seconds = self._bounds.probe_seconds
        return read_answer(answer)

    @property
    def out_of_time(self) -> bool:
        """Whether the whole run's time is used up."""
        return time.monotonic() >= self._end_of_run

    def _out_of_time(self) -> str:
        return f"the notebook had used up its {self._bounds.run_seconds:g} s"

    def _run(self, source: str, *, muted: bool = False, images: bool = True) -> CellRun:
        outputs: list[Output] = []
        request = {"do": "cell", "source": source, "muted": muted, "images": images}
        answer = self._exchange(request, outputs)
        if isinstance(answer, str):
            return CellRun(False, tuple(outputs), loss=answer)
        self.own_seconds += seconds_of(answer)
        return read_run(answer, outputs)

    def _exchange(self, request: dict[str, Any], outputs: list[Output]) -> dict[str, Any] | str:
        """Send a request and collect outputs until its answer; a string says why the process was lost."""
        assert self._forked is not None
        assert self._folder is not None
        forked = self._forked
        self._requests += 1
        frame = wire.encode(request | {"id": self._requests}, array_from)
        seconds = self._bounds.cell_seconds if request["do"] == "cell" else self._probe_seconds
        deadline = min(time.monotonic() + seconds, self._end_of_run)
        forked.pause(ended=True)
        try:
            forked.channel.send(frame, deadline)
            answer = self._await_answer(forked.channel, deadline, outputs)
            forked.pause()  # a thread it leaves behind does nothing that nobody watches
            self._folder.look()  # what it leaves behind is charged to it, not to whatever comes next
            return answer
        except Late:
            self._lose()
            if request["do"] == "probe":
                self._probe_seconds = self._bounds.probe_seconds / _IMPATIENCE
            if self.out_of_time:
                return self._out_of_time()
            return f"it was stopped after {seconds:g} s: an endless loop?"
        except Overfull as event:
            self._lose()
            return f"it was stopped: {event}"
        except Closed:
            return ending(self._lose(grace=_GRACE_SECONDS))
        except wire.WireError as error:
            self._lose()
            return f"it was stopped: its answer could not be read ({error})"

    def _await_answer(self, channel: Channel, deadline: float, outputs: list[Output]) -> dict[str, Any]:
        """Collect outputs until the answer comes, and look at the process on the way."""
        before = channel.received
        while True:
            due = self._watch()
            try:
                frame = channel.receive(min(deadline, due))
            except Late:
                if time.monotonic() < deadline:
                    continue
                raise
            message = wire.decode(frame, numpy_from)
            about = is_about(message, self._requests)
            if about and message["is"] != "output":
                return dict(message)
            if channel.received - before > _FLOOD_FACTOR * self._bounds.limits.output:
                raise Overfull("it sent more output than a notebook may")
            self._output += len(frame)
            within = self._output <= _RUN_FACTOR * self._bounds.limits.output
            if about and within:  # else it is forged, or left over from a thread of an earlier cell
                add_output(outputs, message.get("output"))

    def _watch(self) -> float:
        """Look at folder, memory and threads if it is time to; return when it is again."""
        assert self._forked is not None
        assert self._folder is not None
        assert self._usage is not None
        if self._folder.watch(self._forked.pid):
            self._usage.check()
        return self._folder.next_look

    def _revive(self) -> str:
        """Make sure of a process in the state after the last good cell; return "" or why there is none."""
        loss = ""
        # A loop, as every one of a thousand cells may end its process when it is run again.
        while self._forked is None:
            if loss and self.out_of_time:
                return loss
            self._folder = WorkFolder(self._files, self._bounds.folder)
            self._forked = self._server.fork(self._folder.path, self._bounds.limits, self._seed)
            self._usage = Usage(self._forked.pid, self._bounds.limits.memory)
            history, self._history = self._history, []
            for position, source in enumerate(history):
                loss = self._run(source, muted=True, images=False).loss
                if loss:
                    self._history += history[position + 1 :]
                    break
                self._history.append(source)
        return ""

    def _lose(self, grace: float = 0.0) -> int | None:
        """End the process, if there is one; return its exit code if it ends by itself within `grace` s."""
        forked, folder = self._forked, self._folder
        self._forked = self._folder = None
        try:
            return self._server.end(forked, grace) if forked is not None else None
        finally:
            if folder is not None:
                folder.remove()
