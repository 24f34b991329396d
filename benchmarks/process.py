"""Other graders' command lines, run as an instructor runs them, and ended with all that they started."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.measuring import BenchmarkError


@contextmanager
def running(
    module: str, arguments: Sequence[str], folder: Path, *, aside: bool = True
) -> Iterator[subprocess.Popen[str]]:
    """Start a program of this Python's in `folder`, and wait for it.

    With `aside` its temporary files and those of Jupyter go there too, and it finds no settings but there.
    If the wait is broken off, it is ended as Ctrl-C would, kernels and all. What it says goes to `stderr`.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        cwd=folder,
        env=_environment(folder) if aside else None,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    with process:
        try:
            yield process
            process.wait()
        finally:
            _end(process)


def require_success(process: subprocess.Popen[str], what: str, said: Sequence[str]) -> None:
    """Raise a BenchmarkError with the first error that a program told of, if it failed."""
    if process.returncode:
        lines = [line.strip() for line in said if line.strip()] or ["no message"]
        reason = next((line for line in lines if "| ERROR]" in line), lines[-1])
        raise BenchmarkError(f"{what}: {reason[:300]}")


def _environment(folder: Path) -> dict[str, str]:
    """Return the instructor's environment, but without their own settings and folders of Jupyter."""
    jupyter = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    scripts = str(Path(sys.executable).parent)  # nbgrader calls `alembic`
    return {
        **os.environ,
        **{name: str(folder / ".jupyter" / name.lower()) for name in jupyter},
        "TMPDIR": str(folder),
        "PATH": os.pathsep.join([scripts, os.environ.get("PATH", "")]),
    }


def _end(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
