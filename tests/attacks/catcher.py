"""Somebody who listens on every kind of socket of this machine, and must hear nothing."""

from __future__ import annotations

import contextlib
import secrets
import selectors
import socket
import threading
from pathlib import Path
from typing import Any


class Catcher:
    """Listens on TCP, UDP and Unix sockets and keeps what arrives. Use as a context manager."""

    def __init__(self, folder: Path) -> None:
        self.heard: list[tuple[str, bytes]] = []
        self._selector = selectors.DefaultSelector()
        self._abstract = f"\0attack-{secrets.token_hex(8)}"
        self._sockets = {
            "TCP": _bound(socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 0)),
            "UDP": _bound(socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 0)),
            "SOCKET": _bound(socket.AF_UNIX, socket.SOCK_STREAM, str(folder / "socket")),
            "ABSTRACT": _bound(socket.AF_UNIX, socket.SOCK_STREAM, self._abstract),
        }
        self._wake, self._waker = socket.socketpair()

    def targets(self) -> dict[str, Any]:
        """Return where each of them listens, by name."""
        ports = {name: self._sockets[name].getsockname()[1] for name in ("TCP", "UDP")}
        return ports | {"SOCKET": self._sockets["SOCKET"].getsockname(), "ABSTRACT": self._abstract}

    def __enter__(self) -> Catcher:
        for name, listening in self._sockets.items():
            self._selector.register(listening, selectors.EVENT_READ, name)
        self._selector.register(self._wake, selectors.EVENT_READ, "")
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()
        return self

    def __exit__(self, *failure: object) -> None:
        self._waker.send(b"x")
        self._thread.join()
        for one in (*self._sockets.values(), self._wake, self._waker):
            one.close()
        self._selector.close()

    def _listen(self) -> None:
        while True:
            for key, _ in self._selector.select():
                if not key.data:
                    return
                listening = self._sockets[key.data]
                with contextlib.suppress(OSError):
                    self.heard.append((key.data, _received(listening)))


def _bound(family: int, kind: int, address: Any) -> socket.socket:
    made = socket.socket(family, kind)
    made.bind(address)
    if kind == socket.SOCK_STREAM:
        made.listen()
    return made


def _received(listening: socket.socket) -> bytes:
    if listening.type == socket.SOCK_DGRAM:
        return listening.recv(1000)
    connection, _ = listening.accept()
    with connection:
        connection.settimeout(1)
        with contextlib.suppress(TimeoutError):
            return connection.recv(1000)
    return b"a connection"
