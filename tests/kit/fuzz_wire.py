"""Throw damaged frames at all that a student's process reaches in the grader's, and tell what breaks.

    python tests/kit/fuzz_wire.py --frames 1000000 --seed 1

Frame `n` of a seed is always the same, so that a run can go on where another stopped (`--start`), and a frame
that breaks something be looked at alone (`--start N --frames 1`). Only `WireError` may come out, and each
frame has little memory and processor time. The frames are made from those that a real process sent
(`capture_frames.py`), with their bytes damaged or their fields forged.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import resource
import signal
import socket
import struct
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

from capture_frames import corpus

from autograde.checks.compare import mismatch
from autograde.checks.judging import explain
from autograde.report.outputs import student_outputs
from autograde.sandbox.answers import Value, add_output, count_of, is_about, read_answer, seconds_of
from autograde.sandbox.arrays import numpy_from
from autograde.sandbox.channel import Channel
from autograde.sandbox.wire import ITEM_SIZES, MAX_FRAME, Array, Opaque, WireError, decode, encode

LONGEST = 60_000  # bytes of one frame: what a socket holds before anybody reads
SECONDS = 1.0  # of processor time for one frame
MEMORY = 64 * 2**20  # bytes that a run may take besides what it starts with
EXTREMES = (0, 1, 2, 255, 2**16, MAX_FRAME, MAX_FRAME + 1, 2**31 - 1, 2**31, 2**32 - 1)
SIZED = b"luSdsboa"  # tags that a size follows
ODD: tuple[Any, ...] = (
    None, True, 2**500, -1, float("inf"), float("nan"), 1e308, 1j, "\0\x1b]0;\x07\u202e\ud800", "stream", b"",
    [], (), {}, set(), {(): 1}, {float("nan"): 1}, {1, 1.5, 2**70}, Opaque("Net\n"),
    *(Array(kind, dtype, (0, 3), b"") for kind in ("tensor", "array") for dtype in ITEM_SIZES),
    *(Array("tensor", dtype, (), bytes(size)) for dtype, size in ITEM_SIZES.items()),
)  # fmt: skip
PARTS = [encode(value) for value in ODD] + [bytes([tag]) for tag in b"NTFifcsbluSdao"]


def size_of(rng: Random, data: bytes) -> bytes:
    """Return a size field: one that is about right, or one that never is."""
    return struct.pack(">I", rng.choice((*EXTREMES, len(data), rng.randrange(len(data) + 1))))


def cut(rng: Random, data: bytes) -> tuple[bytes, bytes, bytes]:
    """Return data in three parts."""
    first, second = sorted(rng.randrange(len(data) + 1) for _ in range(2))
    return data[:first], data[first:second], data[second:]


def flipped(rng: Random, data: bytes) -> bytes:
    """Return data with some bits turned over."""
    changed = bytearray(data or b"N")
    for _ in range(rng.randint(1, 8)):
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def forged(rng: Random, value: Any, odd: float = 0.2) -> Any:
    """Return plain data with parts of it exchanged, for odd ones or for each other."""
    if rng.random() < odd:
        return rng.choice((*ODD, [value] * 50, {"data": value, "is": "value", "value": value}))
    match value:
        case dict():
            return {key: forged(rng, item) for key, item in value.items() if rng.random() < 0.95}
        case list() | tuple():
            return type(value)(forged(rng, item) for item in value)
        case str() if rng.random() < 0.1:
            return rng.choice(("stream", "error", "display_data", "execute_result", "clear", value * 9))
    return value


def damaged(rng: Random, frames: Sequence[bytes]) -> bytes:
    """Return a frame with fields forged, or with bytes damaged in up to three ways."""
    data = rng.choice(frames)
    if rng.random() < 0.4:
        return encode(forged(rng, decode(data), odd=0))[:LONGEST]
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        head, middle, tail = cut(rng, data)
        match rng.randrange(9):
            case 0:
                data = flipped(rng, data)
            case 1:
                data = head
            case 2:
                data = head + cut(rng, rng.choice(frames))[2]
            case 3:
                data = head + middle * rng.choice((0, 2, 3, 50)) + tail
            case 4:
                places = [place for place, tag in enumerate(data) if tag in SIZED] or [0]
                place = rng.choice(places) + 1
                data = data[:place] + size_of(rng, data) + data[place + 4 :]
            case 5:
                layer = rng.choice((b"l\0\0\0\1", b"u\0\0\0\1", b"d\0\0\0\1N", b"S\0\0\0\1", b"d\0\0\0\1"))
                data = head + layer * rng.choice((1, 2, 30, 64, 65, 5000)) + middle + tail
            case 6:
                data = head + rng.choice(PARTS) + rng.choice((middle, b"")) + tail
            case 7:
                number, item = rng.choice((1, 2, 9, 1000)), rng.choice(PARTS)
                data = head + rng.choice((b"l", b"u", b"S", b"d")) + struct.pack(">I", number)
                data += item * number + tail
            case _:
                data = head + rng.randbytes(rng.randint(1, 8)) + tail
    return data[:LONGEST]


def stream(seed: int, number: int, frames: Sequence[bytes]) -> bytes:
    """Return a damaged frame as it travels, now and then between others, or with a header that is wrong."""
    rng = Random(f"{seed}/{number}")
    payload = damaged(rng, frames)
    header = size_of(rng, payload) if rng.random() < 0.05 else struct.pack(">I", len(payload))
    others = [struct.pack(">I", len(frame)) + frame for frame in rng.sample(frames, 2)]
    before, after = (other if rng.random() < 0.1 else b"" for other in others)
    return before + header + payload + after


def swallow(sent: bytes) -> int:
    """Do with a stream what a grader does, and return how many of its frames could be read.

    Raises:
        Exception: the bytes broke something.

    """
    ours, theirs = socket.socketpair()
    outputs: list[dict[str, Any]] = []
    read = 0
    with ours, theirs:
        theirs.sendall(sent)
        theirs.shutdown(socket.SHUT_WR)
        channel = Channel(ours)
        with contextlib.suppress(WireError):
            while True:
                use(decode(channel.receive(time.monotonic() + SECONDS), numpy_from), outputs)
                read += 1
    json.dumps(student_outputs(outputs)).encode()
    return read


def use(message: Any, outputs: list[dict[str, Any]]) -> None:
    """Take a message apart, and compare and tell what is in it."""
    number = message.get("id") if isinstance(message, dict) else None
    if not is_about(message, number if isinstance(number, int) else 1):
        return
    if message["is"] == "output":
        add_output(outputs, message.get("output"))
        return
    seconds_of(message), count_of(message, "count")
    answer = read_answer(message)
    if not isinstance(answer, Value):
        explain(answer)
        return
    for expected in (answer.value, *ODD[:19]):
        mismatch(expected, answer.value, rtol=1e-5, atol=1e-6)


def run(seed: int, start: int, frames: int) -> bool:
    """Swallow `frames` frames, tell how it goes, and return whether nothing broke."""
    known = list(corpus().values())
    began, read, slowest = time.perf_counter(), 0, (0.0, start)
    for number in range(start, start + frames):
        sent = stream(seed, number, known)
        used = time.process_time()
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        try:
            read += swallow(sent) > 0
        except BaseException as error:
            print(f"seed {seed}, frame {number}: {type(error).__name__}: {error}\n{sent.hex()}")
            if not isinstance(error, Exception):
                raise
            return False
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
        slowest = max(slowest, (time.process_time() - used, number))
        done = number - start + 1
        if done == frames or done % 50_000 == 0:
            rate = done / (time.perf_counter() - began)
            print(
                f"seed {seed}: {done} frames, {rate:.0f} a second, {read} read, none broke anything; "
                f"the slowest was {slowest[1]} with {slowest[0]:.3f} s; go on with --start {number + 1}",
                flush=True,
            )
    return True


def limit_memory() -> None:
    """Have memory refused beyond what a damaged frame may take."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + MEMORY,) * 2)


def hung(*_: object) -> None:
    """Stop a frame that takes too long."""
    raise TimeoutError(f"more than {SECONDS:g} s of processor time")


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--frames", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--start", type=int, default=0)
    chosen = parser.parse_args()
    signal.signal(signal.SIGPROF, hung)
    limit_memory()
    return 0 if run(chosen.seed, chosen.start, chosen.frames) else 1


if __name__ == "__main__":
    sys.exit(main())
