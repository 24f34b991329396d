"""Whether this machine can grade: versions, the warm server, and what a student's process finds around it."""

from __future__ import annotations

import importlib.metadata
import platform
from dataclasses import dataclass
from typing import Any

from autograde.errors import AutogradeError
from autograde.sandbox.answers import Request, Value
from autograde.sandbox.session import Bounds, Session
from autograde.sandbox.warm import WarmServer

PACKAGES = (
    "autograde",
    "nbgrader",
    "jupytext",
    "pytest",
    "nbformat",
    "ipython",
    "numpy",
    "torch",
    "torchvision",
)
_BOUNDS = Bounds(cell_seconds=20, probe_seconds=20, run_seconds=60, memory=2**30, output=2**16)


@dataclass(frozen=True)
class Diagnosis:
    """What `autograde doctor` found. `isolation` holds the level and what a canary process saw."""

    isolation: dict[str, Any]
    versions: dict[str, str]
    problems: tuple[str, ...]


def examine() -> Diagnosis:
    """Start a warm server and a canary in place of a student, and tell what is found."""
    problems = [*_platform_problems()]
    versions = {"python": platform.python_version()} | {name: _version(name) for name in PACKAGES}
    problems += [
        f"{name} is not installed: run `make install`" for name, found in versions.items() if not found
    ]
    isolation: dict[str, Any] = {"level": "none"}
    try:
        with WarmServer() as server, Session(server, _BOUNDS, seed=0) as session:
            server.wait()
            isolation = {"level": server.isolation, **_canary(session)}
    except AutogradeError as error:
        problems.append(str(error))
    problems += [
        f"a student's process is not kept apart: {name} failed"
        for name, fine in isolation.items()
        if fine is False
    ]
    return Diagnosis(isolation, versions, tuple(problems))


def _platform_problems() -> list[str]:
    if platform.system() == "Linux":
        return []
    return [f"grading needs Linux; on {platform.system()} use a Linux container or WSL2"]


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _canary(session: Session) -> dict[str, bool]:
    """Return, for each thing that must hold in a student's process, whether it does."""
    session.run_cell("import os, resource, sys, threading, torch")
    answer = session.probe(Request("look", _LOOK, ("os", "resource", "sys", "threading", "torch")), {})
    if not isinstance(answer, Value) or not isinstance(answer.value, dict):
        return {"answers": False}
    return {str(name): value is True for name, value in answer.value.items()}


_LOOK = """
def look(os, resource, sys, threading, torch):
    def refused():
        try:
            torch.ones(2**31)
        except RuntimeError:
            return True
        return False
    allowed = {"HOME", "TMPDIR", "IPYTHONDIR", "MPLCONFIGDIR", "TORCH_HOME", "PATH", "LANG", "PYTHONHASHSEED",
               "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "CUDA_VISIBLE_DEVICES",
               "MPLBACKEND"}
    loaded = [name for name in sys.modules if name.startswith("autograde.")]
    return {
        "clean environment": set(os.environ) <= allowed,
        "own working folder": os.listdir(".") == [],
        "limited memory": refused(),
        "no core dumps": resource.getrlimit(resource.RLIMIT_CORE)[0] == 0,
        "own session": os.getsid(0) == os.getpid(),
        "one thread": threading.active_count() == 1,
        "nothing of the grader loaded": all(name.startswith("autograde.sandbox") for name in loaded),
    }
"""
