"""Frames on a stream socket: a 4-byte big-endian length and that many bytes of payload."""

from __future__ import annotations

import socket
import struct
import time
from typing import Final

from autograde.sandbox.wire import MAX_FRAME, WireError

_HEADER: Final = struct.Struct(">I")


class Closed(WireError):  # noqa: N818 # an event on the wire
    """The other end is gone."""


class Late(WireError):  # noqa: N818 # likewise
    """The deadline passed before a whole frame was there."""


class Channel:
    """One end of a stream socket that carries frames.

    `received` counts all bytes ever received, for limits that span frames.
    """

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection
        self._buffer = bytearray()
        self.received = 0

    def send(self, payload: bytes, deadline: float | None = None) -> None:
        """Send one frame before the `time.monotonic()` deadline.

        Raises:
            Closed: the other end is gone.
            Late: the other end did not read in time.

        """
        try:
            self._socket.settimeout(None if deadline is None else max(deadline - time.monotonic(), 0.001))
            self._socket.sendall(_HEADER.pack(len(payload)) + payload)
        except TimeoutError as error:
            raise Late("the other end does not read") from error
        except OSError as error:
            raise Closed("the other end is gone") from error

    def receive(self, deadline: float | None = None) -> bytes:
        """Return the next frame's payload.

        Raises:
            Closed: the other end is gone.
            Late: no whole frame came before the `time.monotonic()` deadline.
            WireError: the frame is larger than `MAX_FRAME`.

        """
        self._await(_HEADER.size, deadline)
        size = int(_HEADER.unpack_from(self._buffer)[0])
        if size > MAX_FRAME:
            raise WireError("a frame that is too large")
        # Nothing is taken before all is there: who was too early asks again, and must find the header.
        self._await(_HEADER.size + size, deadline)
        with memoryview(self._buffer) as view:  # a slice of the buffer itself would be one copy more
            payload = bytes(view[_HEADER.size : _HEADER.size + size])
        del self._buffer[: _HEADER.size + size]
        return payload

    def _await(self, size: int, deadline: float | None) -> None:
        while len(self._buffer) < size:
            left = None if deadline is None else deadline - time.monotonic()
            if left is not None and left <= 0:  # an end that never stops sending is late too
                raise Late("no answer in time")
            try:
                self._socket.settimeout(left)
                chunk = self._socket.recv(2**18)
            except TimeoutError as error:
                raise Late("no answer in time") from error
            except OSError as error:
                raise Closed("the other end is gone") from error
            if not chunk:
                raise Closed("the other end is gone")
            self.received += len(chunk)
            self._buffer += chunk

    def close(self) -> None:
        """Close this end."""
        self._socket.close()
