"""Whether confinement holds: a process in a student's place tries what it must not be able to do.

The acts are tried on real things that the grader puts there: a file of its own, sockets that listen, its
process. They are made by bare system calls where Python would refuse before the kernel is asked.
"""

from __future__ import annotations

import os
import secrets
import socket
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograde.errors import IsolationError
from autograde.sandbox import syscalls
from autograde.sandbox.acts import ACTS
from autograde.sandbox.answers import Request, Value
from autograde.sandbox.confine import LEVELS, Limits
from autograde.sandbox.session import Bounds, Session
from autograde.sandbox.warm import WarmServer

BOUNDS = Bounds(
    cell_seconds=20, probe_seconds=20, run_seconds=60, limits=Limits(memory=2**30, cpu_seconds=60)
)
"""Of the canary, whatever the course's are: it has little to do."""


@dataclass(frozen=True)
class Tried:
    """The forbidden acts that were refused, and those that succeeded or could not be tried."""

    refused: tuple[str, ...]
    allowed: tuple[str, ...]


def try_forbidden_acts(server: WarmServer, private: Sequence[Path] = ()) -> Tried:
    """Have a canary try all forbidden acts, and to read `private` paths.

    Raises:
        ServerError: the kit failed; nothing is known.

    """
    with _targets() as targets, Session(server, BOUNDS, seed=0) as session:
        inputs = targets | {
            "private": [str(path) for path in private],
            "numbers": syscalls.numbers(syscalls.CONDITIONAL + syscalls.REFUSED)
            if syscalls.supported()
            else {},
        }
        answer = session.probe(Request("attempt", ACTS, ()), inputs)
    if not isinstance(answer, Value) or not isinstance(answer.value, dict):
        return Tried((), (f"answering the grader ({getattr(answer, 'text', 'no result')})",))
    found = {str(act): refused is True for act, refused in answer.value.items()}
    return Tried(
        tuple(act for act, refused in found.items() if refused),
        tuple(act for act, refused in found.items() if not refused),
    )


def require_isolation(server: WarmServer, demanded: str, private: Sequence[Path]) -> None:
    """Make sure that a server's processes are confined at least to the level `demanded`, and prove it.

    Raises:
        IsolationError: they are not.
        ServerError: the server could not start.

    """
    server.wait()
    ask = "grade in a Linux container or virtual machine, or with --practice for code that you trust"
    if LEVELS.index(server.isolation) < LEVELS.index(demanded):
        raise IsolationError(
            f"students' processes would be {server.isolation} here, and the course demands {demanded}: "
            f"{ask}; `autograde doctor` tells what is missing"
        )
    allowed = try_forbidden_acts(server, private).allowed
    if allowed:
        others = f" and {len(allowed) - 1} other acts" if len(allowed) > 1 else ""
        raise IsolationError(
            f"confinement fails here, a student's process succeeded in {allowed[0]}{others}: {ask}; "
            "see `autograde doctor`"
        )


@contextmanager
def _targets() -> Iterator[dict[str, Any]]:
    """Yield what the acts are tried on, by name."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="autograde-canary-")))
        secret = folder / "secret"
        secret.write_text("the grader's", "utf-8")
        listening = {}
        for name, family, address in (
            ("tcp", socket.AF_INET, ("127.0.0.1", 0)),
            ("unix", getattr(socket, "AF_UNIX", None), str(folder / "socket")),
            ("abstract", getattr(socket, "AF_UNIX", None), f"\0autograde-{secrets.token_hex(8)}"),
        ):
            if family is None:
                continue
            server = stack.enter_context(socket.socket(family))
            server.bind(address)
            server.listen()
            listening[name] = server.getsockname()
        yield {
            "secret": str(secret),
            "grader": os.getpid(),
            "port": listening["tcp"][1],
            "unix": listening.get("unix", ""),
            "abstract": listening.get("abstract", b""),
        }
