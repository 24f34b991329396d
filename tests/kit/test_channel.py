"""Frames arrive whole and in order, or the channel says what is wrong, before its deadline."""

import contextlib
import socket
import struct
import threading
import time
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograde.sandbox.channel import Channel, Closed, Late
from autograde.sandbox.wire import MAX_FRAME, WireError

Ends = tuple[Channel, socket.socket]


@pytest.fixture
def ends() -> Iterator[Ends]:
    """A channel, and the bare socket at its other end."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.settimeout(30)
        yield Channel(ours), theirs


def frame(payload: bytes) -> bytes:
    """Return a payload as it travels."""
    return struct.pack(">I", len(payload)) + payload


def soon(seconds: float = 0.2) -> float:
    """Return a deadline."""
    return time.monotonic() + seconds


def test_frames_arrive_in_order_and_whole(ends: Ends) -> None:
    channel, other = ends
    other.sendall(frame(b"one") + frame(b"") + frame(b"three"))
    assert [channel.receive(soon(30)) for _ in range(3)] == [b"one", b"", b"three"]


def test_a_frame_may_come_in_pieces(ends: Ends) -> None:
    channel, other = ends

    def drip() -> None:
        for byte in frame(b"in pieces"):
            other.sendall(bytes([byte]))
            time.sleep(0.002)

    thread = threading.Thread(target=drip)
    thread.start()
    assert channel.receive(soon(30)) == b"in pieces"
    thread.join()


def test_a_frame_that_is_late_is_whole_when_it_is_asked_for_again(ends: Ends) -> None:
    channel, other = ends
    sent = frame(b"in two pieces") + frame(b"the next")
    other.sendall(sent[:9])
    with pytest.raises(Late):
        channel.receive(soon(0.05))
    other.sendall(sent[9:])
    assert [channel.receive(soon(30)) for _ in range(2)] == [b"in two pieces", b"the next"]


def test_a_large_frame_passes_both_ways(ends: Ends) -> None:
    channel, other = ends
    payload = bytes(range(256)) * 2**14
    thread = threading.Thread(target=lambda: Channel(other).send(payload))
    thread.start()
    assert channel.receive(soon(30)) == payload
    thread.join()


def test_the_bytes_of_all_frames_are_counted(ends: Ends) -> None:
    channel, other = ends
    other.sendall(frame(b"one") + frame(b"two"))
    channel.receive(soon(30))
    channel.receive(soon(30))
    assert channel.received == 14


def test_a_frame_that_is_too_large_is_refused_before_it_comes(ends: Ends) -> None:
    channel, other = ends
    other.sendall(struct.pack(">I", MAX_FRAME + 1))
    with pytest.raises(WireError, match="too large"):
        channel.receive(soon(30))


@settings(deadline=None)
@given(st.lists(st.binary(max_size=9).map(frame)).map(b"".join) | st.binary(max_size=60), st.integers(0, 12))
def test_whatever_bytes_come_they_are_frames_or_a_wire_error(sent: bytes, cut: int) -> None:
    sent = sent[: len(sent) - cut]
    ours, theirs = socket.socketpair()
    received = b""
    with ours, theirs:
        theirs.sendall(sent)
        theirs.shutdown(socket.SHUT_WR)
        with contextlib.suppress(WireError):
            channel = Channel(ours)
            while True:
                received += frame(channel.receive(soon(30)))
    rest = sent.removeprefix(received)
    assert received + rest == sent
    assert len(rest) < 4 or len(rest) < 4 + struct.unpack(">I", rest[:4])[0]


@pytest.mark.parametrize("sent", [b"", b"\0\0", frame(b"whole")[:-1]])
def test_an_end_that_goes_away_is_noticed_at_once(ends: Ends, sent: bytes) -> None:
    channel, other = ends
    other.sendall(sent)
    other.close()
    with pytest.raises(Closed):
        channel.receive(soon(30))


def test_a_channel_that_was_closed_here_is_closed_too(ends: Ends) -> None:
    channel, _other = ends
    channel.close()
    with pytest.raises(Closed):
        channel.receive(soon(30))
    with pytest.raises(Closed):
        channel.send(b"anything")


def test_nothing_can_be_sent_to_an_end_that_is_gone(ends: Ends) -> None:
    channel, other = ends
    other.close()
    with pytest.raises(Closed):
        channel.send(b"anything")


@pytest.mark.parametrize("sent", [b"", b"\0\0", frame(b"whole")[:-1]])
def test_a_frame_that_is_not_whole_at_its_deadline_is_late(ends: Ends, sent: bytes) -> None:
    channel, other = ends
    other.sendall(sent)
    with pytest.raises(Late):
        channel.receive(soon())


def test_an_end_that_does_not_read_makes_sending_late(ends: Ends) -> None:
    channel, _other = ends
    with pytest.raises(Late):
        channel.send(bytes(2**24), soon())


def receive_until(channel: Channel, deadline: float, end: float) -> None:
    """Receive frames of one deadline again and again."""
    while time.monotonic() < end:
        channel.receive(deadline)


@pytest.mark.parametrize("piece", [frame(b"noise"), b"\0"])
def test_an_end_that_never_stops_sending_cannot_hold_up_the_deadline(ends: Ends, piece: bytes) -> None:
    channel, other = ends
    stop = threading.Event()
    other.sendall(frame(b"") if piece != b"\0" else struct.pack(">I", MAX_FRAME))

    def pour() -> None:
        while not stop.is_set():
            try:
                other.sendall(piece * 1000)
            except OSError:
                return

    thread = threading.Thread(target=pour)
    thread.start()
    try:
        with pytest.raises(Late):
            receive_until(channel, deadline=soon(), end=soon(20))
    finally:
        stop.set()
        channel.close()
        thread.join()


def test_what_came_before_the_deadline_can_be_read_after_it(ends: Ends) -> None:
    channel, other = ends
    other.sendall(frame(b"one") + frame(b"two"))
    assert channel.receive(soon(30)) == b"one"
    assert channel.receive(time.monotonic() - 1) == b"two"
