"""Whether this machine can grade: versions, the warm server, and what a student's process finds around it."""

from __future__ import annotations

import importlib.metadata
import platform
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from autograde.course import Course
from autograde.errors import AutogradeError
from autograde.sandbox import landlock, seccomp
from autograde.sandbox.answers import Request, Value
from autograde.sandbox.canary import BOUNDS, Tried, try_forbidden_acts
from autograde.sandbox.confine import LEVELS
from autograde.sandbox.session import Session
from autograde.sandbox.warm import WarmServer
from autograde.settings import Settings

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


@dataclass(frozen=True)
class Isolation:
    """How far a student's process is kept apart: the level and what it is made of, and what a canary found.

    `landlock` is the kernel's version of it, 0 without. `holds` tells of each thing that must be so whether
    it is. `refused` and `allowed` are the forbidden acts it tried.
    """

    level: str
    landlock: int = 0
    seccomp: bool = False
    holds: Mapping[str, bool] = field(default_factory=dict)
    refused: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Diagnosis:
    """What `autograde doctor` found."""

    isolation: Isolation
    versions: Mapping[str, str]
    problems: tuple[str, ...]


def examine(course: Course | None = None) -> Diagnosis:
    """Start a warm server and a canary in place of a student, and tell what is found.

    With a course, its settings and its private files are looked at too.
    """
    problems = [*_platform_problems()]
    versions = {"python": platform.python_version()} | {name: _version(name) for name in PACKAGES}
    problems += [
        f"{name} is not installed: run `make install`" for name, found in versions.items() if not found
    ]
    isolation = Isolation("none")
    try:
        with WarmServer(practice=True) as server:
            isolation = _isolation(server, () if course is None else course.private_paths())
        demanded = course.settings.minimum_isolation if course else Settings().minimum_isolation
        problems += _isolation_problems(isolation, demanded)
    except AutogradeError as error:
        problems.append(str(error))
    return Diagnosis(isolation, versions, tuple(problems))


def _isolation(server: WarmServer, private: Sequence[Path]) -> Isolation:
    with Session(server, BOUNDS, seed=0) as session:
        server.wait()
        holds = _canary(session)
    confined = server.isolation != LEVELS[0]
    # Where nothing would be refused the acts are not tried: some would succeed.
    tried = try_forbidden_acts(server, private) if confined else Tried((), ())
    return Isolation(
        server.isolation, landlock.version(), seccomp.available(), holds, tried.refused, tried.allowed
    )


def _isolation_problems(isolation: Isolation, demanded: str) -> Iterator[str]:
    for name, fine in isolation.holds.items():
        if not fine:
            yield f"a student's process is not kept apart: {name} failed"
    for act in isolation.allowed:
        yield f"a student's process is not kept apart: {act} succeeded"
    if LEVELS.index(isolation.level) < LEVELS.index(demanded):
        lacking = [] if isolation.landlock else ["Landlock (Linux 5.13 or newer, switched on)"]
        lacking += [] if isolation.seccomp else ["seccomp filters"]
        lacking = lacking or ["user namespaces"]
        yield (
            f"students' processes would be {isolation.level}, and {demanded} is demanded: the system has no "
            f"{' and no '.join(lacking)}; use a Linux container or virtual machine, or --practice for code "
            "you trust"
        )


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
    allowed = {"HOME", "USER", "TMPDIR", "IPYTHONDIR", "MPLCONFIGDIR", "TORCH_HOME", "PATH", "LANG",
               "PYTHONHASHSEED", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS",
               "JOBLIB_MULTIPROCESSING", "CUDA_VISIBLE_DEVICES", "MPLBACKEND",
               "NBGRADER_EXECUTION"}
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
