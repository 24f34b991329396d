"""Grading a class with attackers in it, and what came of it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
from collections.abc import Collection
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from attacks.arena import HERE, NOTEBOOK, Arena
from attacks.catcher import Catcher
from attacks.corpus import Attack
from attacks.grade import ASSIGNMENT
from attacks.snapshot import State, processes
from autograde.model import SubmissionResult

START_SECONDS = 120  # of the server, on a busy machine
OVERHEAD_SECONDS = 2  # of one student: reading, repairing, forking, recording


@dataclass(frozen=True)
class Siege:
    """What came of grading a class at one level."""

    arena: Arena
    level: str
    status: int
    told: str
    report: dict[str, Any]
    before: dict[str, State]
    after: dict[str, State]
    left_running: set[int]
    heard: list[tuple[str, bytes]]

    def result(self, student: str) -> SubmissionResult:
        """Return a student's result document."""
        path = self.arena.course.results(ASSIGNMENT, student)
        return SubmissionResult.from_json(path.read_text("utf-8"))

    def graded_notebook(self, student: str) -> Path:
        """Return where a student's graded notebook is."""
        return self.arena.course.autograded(ASSIGNMENT, student) / NOTEBOOK


def besiege(arena: Arena, level: str, attackers: Collection[Attack]) -> Siege:
    """Hand in and grade a class of the honest students and some attackers."""
    report = arena.base / "report.json"
    command = [sys.executable, str(HERE / "grade.py"), str(arena.course.root), str(report), level]
    with ExitStack() as stack:
        catcher = stack.enter_context(Catcher(arena.listening))
        grader = stack.enter_context(
            subprocess.Popen(
                command,
                env=arena.environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                cwd=arena.base,
            )
        )
        targets = catcher.targets() | {
            "COURSE": str(arena.course.root),
            "VICTIM": str(arena.victim),
            "HOME": str(arena.home),
            "SITE": sysconfig.get_path("purelib"),
            "GRADER": grader.pid,
        }
        shutil.rmtree(arena.course.root / "submitted", ignore_errors=True)
        arena.hand_in_honestly()
        right = arena.right()
        for attack in attackers:
            folder = arena.course.submitted(ASSIGNMENT, attack.student)
            attack.put(folder, right, targets, NOTEBOOK)
        before = arena.surroundings()
        longest = START_SECONDS + len(attackers) * (arena.course.settings.run_seconds + OVERHEAD_SECONDS)
        try:
            told, _ = grader.communicate(b"go\n", longest)
        except subprocess.TimeoutExpired:
            told = b"it had to be killed: it was stopped, or waits for ever"
            # One process that traces another holds it beyond its end: all of them go.
            for pid in processes(str(arena.temporary)):
                os.kill(pid, signal.SIGKILL)
        grader.wait()
        left = _left_running(str(arena.temporary))
        after = arena.surroundings()
    text = report.read_text("utf-8") if report.exists() else "{}"
    told_text = told.decode("utf-8", "replace")
    return Siege(
        arena, level, grader.returncode, told_text, json.loads(text), before, after, left, catcher.heard
    )


def _left_running(mark: str) -> set[int]:
    """Return the processes that are left after a while for the last to go."""
    deadline = time.monotonic() + 3
    while (left := processes(mark)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return left
