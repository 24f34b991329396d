"""nbgrader's own tests pass with this kit's grading, but for what docs/nbgrader.md explains."""

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).parents[2]
WANTED = "AUTOGRADE_NBGRADER_TESTS"
MODULES = ("test_nbgrader_autograde", "test_nbgrader_generate_feedback")


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What became of each of nbgrader's tests: passed, failed or skipped."""
    if not os.environ.get(WANTED):
        pytest.skip(f"nbgrader's own tests take minutes: `make test-nbgrader` runs them, or {WANTED}=1")
    if importlib.util.find_spec("nbgrader.tests.apps") is None:
        pytest.skip("this nbgrader was installed without its tests")
    folder = tmp_path_factory.mktemp("suite")
    (folder / "pytest.ini").write_text("[pytest]\n", "utf-8")
    report = folder / "report.xml"
    scripts = str(Path(sys.executable).parent)  # nbgrader runs alembic by its name
    environment = os.environ | {
        "PATH": os.pathsep.join([scripts, os.environ.get("PATH", "")]),
        "PYTHONPATH": str(ROOT),
        "HOME": str(folder),
    }
    options = ["-p", "tests.kit.nbgrader_suite", "-p", "no:cacheprovider", f"--junitxml={report}"]
    names = [f"nbgrader.tests.apps.{name}" for name in MODULES]
    command = [sys.executable, "-W", "ignore", "-m", "pytest", "-q", *options, "--pyargs", *names]
    run = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=1500, check=False
    )
    assert report.is_file(), run.stdout + run.stderr
    return dict(map(outcome, ElementTree.parse(report).iter("testcase")))


def outcome(case: ElementTree.Element) -> tuple[str, str]:
    """Return a test's class and name, and what became of it."""
    name = f"{case.get('classname', '').rpartition('.')[2]}.{case.get('name')}"
    failed = case.find("failure") is not None or case.find("error") is not None
    return name, "failed" if failed else "skipped" if case.find("skipped") is not None else "passed"


def test_nbgrader_s_tests_fail_only_as_explained(outcomes: dict[str, str]) -> None:
    page = (ROOT / "docs" / "nbgrader.md").read_text("utf-8")
    explained = set(re.findall(r"^\| `(test_\w+)` \|", page, re.MULTILINE))
    failed = {
        name.rpartition(".")[2].partition("[")[0] for name, what in outcomes.items() if what == "failed"
    }
    assert failed == explained


def test_most_of_them_are_run(outcomes: dict[str, str]) -> None:
    assert sum(what == "passed" for what in outcomes.values()) >= 40
    assert sum(what == "skipped" for what in outcomes.values()) <= 2  # what nbgrader itself skips
