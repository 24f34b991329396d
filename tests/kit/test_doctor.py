"""`autograde doctor` finds what a machine lacks for grading, from inside a student's process where it can."""

import importlib.metadata
import io
import platform
import re
import sys
from collections.abc import Callable
from dataclasses import replace

import pytest
from rich.console import Console

from autograde import doctor
from autograde.doctor import PACKAGES, Diagnosis, Isolation, examine
from autograde.errors import ServerError
from autograde.report.proof import print_diagnosis
from autograde.sandbox.answers import Failure
from autograde.sandbox.session import Session
from autograde.sandbox.warm import WarmServer


class NoServer:
    """A warm server that does not start, as where torch is missing."""

    def __init__(self, *, practice: bool) -> None:
        """Take what a warm server takes."""

    def __enter__(self) -> "NoServer":
        raise ServerError("the warm server ended with code 1 (ModuleNotFoundError: No module named 'torch')")

    def __exit__(self, *failure: object) -> None:
        """Do nothing."""


@pytest.fixture(scope="module", name="diagnosis")
def fixture_diagnosis() -> Diagnosis:
    """What is found on this machine."""
    return examine()


@pytest.fixture
def no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make examining quick where the server does not matter."""
    monkeypatch.setattr(doctor, "WarmServer", NoServer)


def printed(diagnosis: Diagnosis) -> str:
    with io.StringIO() as file:
        print_diagnosis(Console(file=file, width=200), diagnosis)
        return file.getvalue()


def test_a_machine_on_which_these_tests_run_can_grade(diagnosis: Diagnosis) -> None:
    assert diagnosis.problems == ()
    assert "This machine can grade." in printed(diagnosis)


def test_the_canary_finds_everything_as_it_must_be(diagnosis: Diagnosis) -> None:
    assert len(diagnosis.isolation.holds) >= 7
    assert set(diagnosis.isolation.holds.values()) == {True}
    assert len(diagnosis.isolation.refused) >= 20
    assert diagnosis.isolation.allowed == ()


def test_the_level_is_the_warm_server_s(diagnosis: Diagnosis, warm_server: WarmServer) -> None:
    warm_server.wait()
    assert diagnosis.isolation.level == warm_server.isolation
    assert warm_server.isolation.startswith("confined")


def test_versions_are_those_that_are_installed(diagnosis: Diagnosis) -> None:
    assert diagnosis.versions == {
        "python": sys.version.split()[0],
        **{name: importlib.metadata.version(name) for name in PACKAGES},
    }


@pytest.mark.parametrize(
    ("cell", "lost"),
    [
        ("import os; os.environ['COURSE'] = '/courses/dl'", "clean environment"),
        ("open('somebody_elses.ipynb', 'w').close()", "own working folder"),
        (
            "import types, sys; sys.modules['autograde.grading'] = types.ModuleType('x')",
            "nothing of the grader loaded",
        ),
        (
            "import threading, time; threading.Thread(target=time.sleep, args=(30,), daemon=True).start()",
            "one thread",
        ),
    ],
)
def test_the_canary_notices_what_must_not_be(
    cell: str, lost: str, student_process: Callable[[str], Session]
) -> None:
    found = doctor._canary(student_process(cell))
    assert [name for name, fine in found.items() if not fine] == [lost]


def test_a_canary_that_does_not_answer_is_a_problem(
    monkeypatch: pytest.MonkeyPatch, warm_server: WarmServer
) -> None:
    monkeypatch.setattr(doctor, "WarmServer", lambda practice: Borrowed(warm_server))
    monkeypatch.setattr(Session, "probe", lambda self, request, inputs: Failure("lost", "it was stopped"))
    assert examine().problems == (
        "a student's process is not kept apart: answers failed",
        "a student's process is not kept apart: answering the grader (it was stopped) succeeded",
    )


class Borrowed:
    """A warm server that others still need."""

    def __init__(self, server: WarmServer) -> None:
        self._server = server

    def __enter__(self) -> WarmServer:
        return self._server

    def __exit__(self, *failure: object) -> None:
        """Leave it running."""


def test_a_server_that_does_not_start_is_a_problem(no_server: None) -> None:
    diagnosis = examine()
    assert diagnosis.isolation == Isolation("none")
    assert diagnosis.problems == (
        "the warm server ended with code 1 (ModuleNotFoundError: No module named 'torch')",
    )


def test_a_missing_package_is_a_problem(no_server: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "PACKAGES", ("numpy", "no-such-package"))
    diagnosis = examine()
    assert diagnosis.versions["no-such-package"] == ""
    assert "no-such-package is not installed: run `make install`" in diagnosis.problems
    assert not any("numpy" in problem for problem in diagnosis.problems)


def test_another_system_than_linux_is_a_problem(no_server: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "system", lambda: "Darwin")
    assert examine().problems[0] == "grading needs Linux; on Darwin use a Linux container or WSL2"


def test_problems_are_printed_with_what_is_there(diagnosis: Diagnosis) -> None:
    isolation = replace(diagnosis.isolation, holds={"own session": False}, allowed=("flying",))
    versions = {**diagnosis.versions, "torch": ""}
    text = printed(replace(diagnosis, isolation=isolation, versions=versions, problems=("[no] torch",)))
    assert "problem: [no] torch" in text
    assert "NO  " in text
    assert re.search("ALLOWED +flying", text)
    assert "missing" in text
    assert "This machine can grade." not in text
