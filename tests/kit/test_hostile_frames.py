"""The costliest frames that a student's process can send, and a great many damaged ones.

Each frame here is within all limits or just past one. What a grader spends on it is bounded: `MAX_MEMORY`
bytes besides the frame and its way through the channel, and seconds of processor time.
"""

import re
import socket
import subprocess
import sys
import threading
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from autograde.sandbox.channel import Channel
from autograde.sandbox.wire import (
    MAX_COLLISIONS,
    MAX_FRAME,
    MAX_ITEMS,
    MAX_KEYS,
    MAX_MEMORY,
    MAX_TEXT,
    Array,
    Opaque,
    WireError,
    decode,
    encode,
)

HERE = Path(__file__).parent
Spent = Callable[[bytes], tuple[str, float, int]]
SECONDS = 3  # of processor time for any frame; 1 on a slow machine when this was written
P = 2**61 - 1  # whole numbers that differ by a multiple of it have the same hash
WIDE = "\N{GRINNING FACE}"  # makes a text take four bytes for each letter


def size(number: int) -> bytes:
    """Return a size as the wire has it."""
    return number.to_bytes(4, "big")


def many(item: bytes, left: int = MAX_ITEMS - 1, room: int = MAX_FRAME - 5, cost: int = 1) -> bytes:
    """Return a list of as many of one item as the limits leave room for."""
    number = min(left // cost, room // len(item))
    return b"l" + size(number) + item * number


def mixed() -> bytes:
    """Return the worst that there is: wide text, small halves of numbers, and sets for the rest."""
    text = encode(WIDE + "a" * (MAX_TEXT - 8))
    sets = many(b"S" + size(0), MAX_ITEMS - 100, cost=4)
    room = MAX_FRAME - len(text) - len(sets) - 100
    halves = encode(Array("tensor", "bfloat16", (room // 2,), bytes(room // 2 * 2)))
    return b"l" + size(3) + text + sets + halves


def colliding_keys(collisions: int = MAX_COLLISIONS) -> bytes:
    """Return keys that have to be compared, and are long and alike up to their end."""
    length = MAX_ITEMS // MAX_KEYS - 3
    filler = b"T" * (length - 1)
    ends = [encode(place // collisions + place % collisions * P) for place in range(MAX_KEYS)]
    return b"d" + size(MAX_KEYS) + b"".join(b"u" + size(length) + filler + end + b"N" for end in ends)


FRAMES: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: many(b"N"),
    "long numbers": lambda: many(b"i\x40" + b"\x7f" * 64),
    "empty lists": lambda: many(b"l" + size(0)),
    "empty sets": lambda: many(b"S" + size(0), cost=4),
    "empty dicts": lambda: many(b"d" + size(0), cost=2),
    "chains of lists": lambda: many((b"l" + size(1)) * 62 + b"l" + size(0), cost=63),
    "one wide text": lambda: encode(WIDE + "a" * (MAX_TEXT - 4)),
    "short wide texts": lambda: many(encode(WIDE + "a" * 28)),
    "objects": lambda: many(encode(Opaque("a" * 60 + WIDE)), cost=2),
    "short bytes": lambda: many(encode(b"a" * 100)),
    "long bytes": lambda: encode(bytes(MAX_FRAME - 5)),
    "small tensors": lambda: many(encode(Array("tensor", "bfloat16", (1,) * 8, b"ab")), cost=50),
    "one tensor": lambda: encode(Array("tensor", "bfloat16", (MAX_FRAME // 2 - 20,), bytes(MAX_FRAME - 40))),
    "sets of one": lambda: many(b"S" + size(1) + b"N", MAX_KEYS * 5, cost=5),
    "many keys": lambda: encode(dict.fromkeys(range(0, MAX_KEYS << 40, 1 << 40))),
    "keys alike": colliding_keys,
    "one long key": lambda: b"S" + size(1) + b"u" + size(MAX_ITEMS - 6) + b"T" * (MAX_ITEMS - 6),
    "worst of all": mixed,
}


# Reads a frame in a process of its own, and tells what that took: bytes of memory at the most, and seconds.
MEASURE = """
import sys, time
from pathlib import Path
from autograde.sandbox.arrays import numpy_from
from autograde.sandbox.wire import WireError, decode

def most_memory():  # of this program alone: what getrusage tells begins with its parent's
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))

frame = Path(sys.argv[1]).read_bytes()
before, start = most_memory(), time.process_time()
try:
    value, told = decode(frame, numpy_from), "read"
except WireError as error:
    told = str(error)
print(1024 * (most_memory() - before), time.process_time() - start, told)
"""


@pytest.fixture
def spent(tmp_path: Path) -> Callable[[bytes], tuple[str, float, int]]:
    """`spent(frame)`: how reading a frame ended, and the seconds and bytes that it took."""

    def measure(frame: bytes) -> tuple[str, float, int]:
        assert len(frame) <= MAX_FRAME
        (tmp_path / "frame").write_bytes(frame)
        command = [sys.executable, "-c", MEASURE, tmp_path / "frame"]
        run = subprocess.run(command, capture_output=True, text=True, check=True)
        memory, seconds, told = run.stdout.split(maxsplit=2)
        return told.strip(), float(seconds), int(memory)

    return measure


@pytest.mark.parametrize("name", FRAMES)
def test_no_frame_takes_more_memory_or_time_than_it_may(name: str, spent: Spent) -> None:
    told, seconds, memory = spent(FRAMES[name]())
    assert told == "read"
    assert seconds < SECONDS
    assert memory < MAX_MEMORY


@pytest.mark.parametrize("past", [
    lambda: many(b"S" + size(0)),
    lambda: many(encode(Array("array", "float64", (), bytes(8)))),
    lambda: many(encode(WIDE * 20)),
    lambda: b"s" + size(MAX_FRAME - 5) + WIDE.encode() + b"a" * (MAX_FRAME - 9),
    lambda: b"l" + size(MAX_KEYS + 1) + (b"S" + size(1) + b"N") * (MAX_KEYS + 1),
    lambda: colliding_keys(MAX_COLLISIONS + 1),
])  # fmt: skip
def test_what_would_take_more_is_refused_before_it_does(past: Callable[[], bytes], spent: Spent) -> None:
    told, seconds, memory = spent(past())
    assert told.startswith("too m")
    assert seconds < SECONDS
    assert memory < MAX_MEMORY


@pytest.mark.parametrize("item", [{}, set(), Array("tensor", "int8", (), b"1"), Opaque("Net"), "a" * 2**20])
def test_what_would_cost_more_is_not_even_sent(item: object) -> None:
    number = {str: MAX_TEXT // 2**20, set: MAX_ITEMS // 4, Array: MAX_ITEMS // 50}.get(
        type(item), MAX_ITEMS // 2
    )
    decode(encode([item] * (number - 1)))
    with pytest.raises(WireError, match="too large"):
        encode([item] * (number + 1))


def test_a_frame_is_held_twice_at_most_on_its_way_through_the_channel() -> None:
    ours, theirs = socket.socketpair()
    payload = bytes(MAX_FRAME)
    with ours, theirs:
        sender = threading.Thread(target=Channel(theirs).send, args=(payload,))
        tracemalloc.start()
        try:
            sender.start()
            assert len(Channel(ours).receive(time.monotonic() + 60)) == MAX_FRAME
            assert tracemalloc.get_traced_memory()[1] < 3.4 * MAX_FRAME  # once more it is at the sender's
        finally:
            tracemalloc.stop()
            sender.join()


def test_damaged_frames_are_a_message_or_a_wire_error_and_cost_little() -> None:
    """A short run of the program that throws them; a long one is `fuzz_wire.py --frames 1000000`."""
    command = [sys.executable, HERE / "fuzz_wire.py", "--frames", "30000", "--seed", str(time.time_ns())]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout[-5_000:] + run.stderr[-5_000:]
    read = re.search(r"30000 frames, .* (\d+) read, none broke anything", run.stdout)
    assert read
    assert 5_000 < int(read[1]) < 25_000, "hardly any frame, or hardly any damage, got through"


def test_damaged_frames_are_made_from_all_kinds_that_a_process_sends() -> None:
    command = [sys.executable, HERE / "capture_frames.py", "--check"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, f"{run.stdout}{run.stderr}; is it time for capture_frames.py?"
