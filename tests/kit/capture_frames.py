"""Write `frames.txt`: a frame of every kind that a student's process sends, as a real one sent them.

    python tests/kit/capture_frames.py [--check]

`--check` only tells whether a process still sends messages of these kinds and forms, and no others.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any
from unittest.mock import patch

from autograde.sandbox.answers import Request
from autograde.sandbox.channel import Channel
from autograde.sandbox.confine import Limits
from autograde.sandbox.session import Bounds, Session
from autograde.sandbox.warm import WarmServer
from autograde.sandbox.wire import decode

CORPUS = Path(__file__).with_name("frames.txt")
CELLS = (
    "print('seven')\nimport sys\nprint('warned', file=sys.stderr)\n7",
    "raise ValueError('\\x1b[31mno\\n\\u202e')",
    "from IPython.display import HTML, clear_output, display\ndisplay(HTML('<b>x</b>'))\nclear_output()",
    "import matplotlib.pyplot as plt\n_ = plt.figure(figsize=(0.2, 0.2)).add_subplot().plot([1, 2])",
)
PROBES = {
    "plain": "[None, True, -1, 2**200, 0.5, 1j, '\U0001f600', b'b', (1, ()), {'a': {1, 2}}, {(1, 'b'): []}]",
    "tensors": "{'w': torch.ones(2, 3), 'h': torch.ones(2, dtype=torch.bfloat16), 'n': torch.arange(3)}",
    "arrays": "np.zeros((0, 4)), np.float32(1), np.arange(6).reshape(1, 2, 3) > 2",
    "an_object": "torch.nn.Linear(2, 1)",
    "unsendable": "{object(): 1}",
    "raising": "[][1]",
}


def captured() -> dict[str, bytes]:
    """Return the frames that a student's process sends in one session, by number and kind."""
    frames: list[bytes] = []
    receive = Channel.receive

    def recording(channel: Channel, deadline: float | None = None) -> bytes:
        frames.append(receive(channel, deadline))
        return frames[-1]

    bounds = Bounds(60, 60, 300, Limits(memory=2**31, output=2**16))
    patched = patch.object(Channel, "receive", recording)
    with WarmServer() as server, patched, Session(server, bounds, seed=0) as session:
        for cell in CELLS:
            session.run_cell(cell)
        for name, value in PROBES.items():
            source = f"def {name}():\n    import numpy as np, torch\n    return {value}"
            session.probe(Request(name, source, ()), {})
        session.probe(Request("missing", "def missing(other): pass", ("other",)), {})
    messages = [(frame, decode(frame)) for frame in frames]
    answers = [(frame, message) for frame, message in messages if "id" in message]  # else the server's own
    return {f"{number} {kind(message)}": frame for number, (frame, message) in enumerate(answers)}


def kind(message: dict[str, Any]) -> str:
    """Return which kind of message it is."""
    return f"{message['is']} {message.get('output', {}).get('output_type', '')}".strip()


def forms(frames: dict[str, bytes]) -> set[tuple[str, ...]]:
    """Return the kinds of messages with the fields that each has."""
    messages = map(decode, frames.values())
    return {(kind(message), *sorted(message), *sorted(message.get("output", {}))) for message in messages}


def corpus() -> dict[str, bytes]:
    """Return the frames of the file."""
    lines = CORPUS.read_text("utf-8").splitlines()
    return {name: bytes.fromhex(frame) for name, frame in (line.split(": ") for line in lines)}


def main(arguments: list[str]) -> int:
    """Run from the command line."""
    found = captured()
    if arguments == ["--check"]:
        odd = sorted(" ".join(form) for form in forms(found) ^ forms(corpus()))
        print("\n".join(odd) or f"{CORPUS.name} has all kinds of messages")
        return int(bool(odd))
    CORPUS.write_text("".join(f"{name}: {frame.hex()}\n" for name, frame in found.items()), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
