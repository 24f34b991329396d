"""How far students' processes are confined depends on the system; too little, and nothing is graded."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograde.course import Course
from autograde.demo import fill_in
from autograde.errors import IsolationError
from autograde.grading import Grader
from autograde.notebook import dumps, read_notebook
from autograde.sandbox import canary
from autograde.sandbox.canary import Tried, require_isolation, try_forbidden_acts
from autograde.sandbox.warm import WarmServer

HERE = Path(__file__).parent
AUTOGRADE = (sys.executable, "-m", "autograde")
WITHOUT_CAPABILITIES = ("setpriv", "--bounding-set=-all", "--inh-caps=-all")

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="confinement is Linux's")


def without(*names: str) -> tuple[str, ...]:
    """Return what runs a command as on a system that lacks some system calls."""
    return (sys.executable, str(HERE / "older_system.py"), ",".join(names))


def run(system: tuple[str, ...], *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*system, *AUTOGRADE, *arguments], cwd=cwd, capture_output=True, text=True, timeout=120, check=False
    )


def doctor(system: tuple[str, ...], cwd: Path) -> tuple[dict[str, Any], int]:
    ran = run(system, "doctor", "--json", cwd=cwd)
    return json.loads(ran.stdout), ran.returncode


@pytest.fixture
def class_of_one(built_course: Course) -> Course:
    """The toy course with one submission."""
    path = built_course.submitted("toy", "ann") / "1_numbers.ipynb"
    path.parent.mkdir(parents=True)
    released = read_notebook(built_course.release("toy", "1_numbers"))
    path.write_text(dumps(fill_in(released, {"add_numbers": "def add_numbers(a, b):\n    return a + b\n"})))
    return built_course


# Systems


def test_a_container_that_forbids_namespaces_still_confines(tmp_path: Path) -> None:
    found, status = doctor(without("unshare"), tmp_path)
    assert (status, found["problems"]) == (0, [])
    assert found["isolation"]["level"] == "confined"
    assert len(found["isolation"]["refused"]) >= 60
    assert found["isolation"]["allowed"] == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only the superuser has capabilities to give up")
def test_a_superuser_without_capabilities_can_confine(tmp_path: Path) -> None:
    found, status = doctor(WITHOUT_CAPABILITIES, tmp_path)
    assert (status, found["problems"]) == (0, [])
    assert found["isolation"]["level"].startswith("confined")
    assert len(found["isolation"]["refused"]) >= 60


def test_a_kernel_without_landlock_confines_nothing_and_says_what_it_lacks(tmp_path: Path) -> None:
    found, status = doctor(without("landlock_create_ruleset"), tmp_path)
    assert status == 1
    assert found["isolation"]["level"] == "unconfined"
    assert found["isolation"]["refused"] == found["isolation"]["allowed"] == []
    (problem,) = found["problems"]
    assert "the system has no Landlock (Linux 5.13 or newer, switched on)" in problem
    assert "--practice" in problem


def test_a_kernel_without_seccomp_confines_nothing(tmp_path: Path) -> None:
    found, _ = doctor(without("seccomp"), tmp_path)
    assert found["isolation"]["level"] == "unconfined"
    assert "the system has no seccomp filters" in found["problems"][0]


# Grading


def test_where_nothing_is_confined_grading_refuses_in_one_line_and_writes_nothing(
    class_of_one: Course,
) -> None:
    ran = run(without("landlock_create_ruleset"), "grade", "toy", cwd=class_of_one.root)
    assert ran.returncode == 2
    (line,) = ran.stderr.strip().splitlines()
    assert "students' processes would be unconfined here, and the course demands confined" in line
    assert "--practice" in line
    assert not class_of_one.results("toy", "ann").exists()
    assert not (class_of_one.root / "autograded").exists()


def test_practice_grades_there_and_leaves_the_gradebook_alone(class_of_one: Course) -> None:
    system = without("landlock_create_ruleset")
    ran = run(system, "grade", "toy", "--practice", "--json", cwd=class_of_one.root)
    assert ran.returncode == 0, ran.stderr
    (result,) = json.loads(ran.stdout)["results"]
    assert result["isolation"] == "unconfined"
    assert result["notebooks"][0]["exercises"][0]["score"] == 3
    practice = Course(class_of_one.root / "practice")
    assert json.loads(practice.results("toy", "ann").read_text())["isolation"] == "unconfined"
    assert not (class_of_one.root / "gradebook.db").exists()


def test_a_course_may_demand_namespaces_too(class_of_one: Course) -> None:
    settings = class_of_one.root / "pyproject.toml"
    settings.write_text('[tool.autograde]\nminimum_isolation = "confined+namespaces"\n')
    ran = run(without("unshare"), "grade", "toy", cwd=class_of_one.root)
    assert ran.returncode == 2
    assert "would be confined here, and the course demands confined+namespaces" in ran.stderr


def test_the_server_itself_forks_nothing_that_it_cannot_confine() -> None:
    text = """
from autograde.sandbox.confine import Limits
from autograde.sandbox.session import Bounds, Session
from autograde.sandbox.warm import WarmServer
with WarmServer() as server, Session(server, Bounds(9, 9, 9, Limits(2**30)), 0) as session:
    session.run_cell("1")
"""
    ran = subprocess.run(
        [*without("landlock_create_ruleset"), sys.executable, "-c", text],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert ran.returncode == 1
    assert "ServerError: this system cannot confine students' processes" in ran.stderr


def test_grading_starts_only_if_every_forbidden_act_was_refused(
    toy_grader: Grader, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = Tried(("flying",), ("reading a file of the grader's", "forking"))
    monkeypatch.setattr(canary, "try_forbidden_acts", lambda server, private: found)
    with (
        Grader(toy_grader.course) as grader,
        pytest.raises(IsolationError, match="succeeded in reading a file of the grader's and 1 other acts"),
    ):
        grader.grade_answer(next(toy_grader.course.all_exercises()), "pass")


# The canary


def test_the_canary_tries_twenty_acts_and_more_and_every_one_is_refused(warm_server: WarmServer) -> None:
    tried = try_forbidden_acts(warm_server)
    assert tried.allowed == ()
    assert len(tried.refused) >= 60


def test_the_canary_notices_what_is_not_refused(tmp_path: Path, unconfined_server: WarmServer) -> None:
    tried = try_forbidden_acts(unconfined_server, [tmp_path])
    expected = {
        "reading a file of the grader's", "reading it through a link", "listing the root folder",
        "changing its mode", "starting a process", "connecting by TCP", "connecting to a Unix socket",
        "memory that no limit counts", "outliving the server", f"reading {tmp_path}",
    }  # fmt: skip
    assert expected <= set(tried.allowed)


def test_a_course_that_lies_among_readable_libraries_is_refused(warm_server: WarmServer) -> None:
    library = Path(json.__file__)
    with pytest.raises(IsolationError, match=f"succeeded in reading {library}: grade in"):
        require_isolation(warm_server, "confined", [library])


@pytest.fixture(scope="module")
def unconfined_server() -> Any:
    """A warm server whose processes are not confined."""

    class Open(WarmServer):
        program = (
            "-c",
            "from autograde.sandbox import confine, server\n"
            "confine.attainable = lambda: confine.LEVELS[0]\nserver.main()",
        )

    with Open(practice=True) as server:
        yield server


def test_practice_needs_no_proof(toy_course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    never: Callable[..., None] = lambda *arguments: pytest.fail("asked")  # noqa: E731
    monkeypatch.setattr("autograde.grading.require_isolation", never)
    Grader(toy_course, practice=True).prove()
