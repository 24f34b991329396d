"""The toy course, for all tests of the kit."""

import fcntl
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Callable, Iterator
from contextlib import ExitStack, chdir, redirect_stderr, redirect_stdout
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest
from _pytest.assertion.rewrite import AssertionRewritingHook

from autograde import cli
from autograde.build import build
from autograde.checks.judging import Judging
from autograde.checks.suite import CheckSuite
from autograde.course import Course
from autograde.grading import Grader
from autograde.model import CheckResult
from autograde.sandbox.confine import Limits
from autograde.sandbox.session import Bounds, Session
from autograde.sandbox.warm import ForkServer, WarmServer

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

collect_ignore = ["toy_course"]  # its check files belong to it, not to the kit

TOY_COURSE = Path(__file__).parent / "toy_course"


@pytest.fixture(scope="session", autouse=True)
def _imports_as_when_grading() -> Iterator[None]:
    """Import check files without this run's rewriting of assertions; the tests themselves are read by now."""
    finders = sys.meta_path[:]
    sys.meta_path[:] = [finder for finder in finders if not isinstance(finder, AssertionRewritingHook)]
    yield
    sys.meta_path[:] = finders


@pytest.fixture
def toy_course(tmp_path: Path) -> Course:
    """A copy of the toy course, as its author wrote it: nothing is built yet."""
    root = tmp_path / "toy course"
    shutil.copytree(TOY_COURSE, root, ignore=shutil.ignore_patterns("__pycache__"))
    return Course(root)


@pytest.fixture
def built_course(toy_course: Course) -> Course:
    """A copy of the toy course with its notebooks built."""
    build(toy_course, "toy")
    return toy_course


@pytest.fixture(scope="session")
def warm_server() -> Iterator[WarmServer]:
    """One warm server for all tests that only need some student's process: it takes seconds to start."""
    with WarmServer() as server:
        yield server


@pytest.fixture
def open_session(warm_server: WarmServer) -> Iterator[Callable[..., Session]]:
    """`open_session(...)`: a session on the warm server, with bounds that no honest cell reaches.

    `server`, `seed`, `files` and every field of `Bounds` and `Limits` may be given.
    """
    with ExitStack() as stack:

        def start(
            server: ForkServer = warm_server, seed: int = 0, files: Path | None = None, **given: Any
        ) -> Session:
            names = {one.name for one in fields(Limits)}
            limits = {"memory": 2**30, "output": 64 * 2**10}
            limits |= {name: value for name, value in given.items() if name in names}
            bounds = {"cell_seconds": 60, "probe_seconds": 60, "run_seconds": 300}
            bounds |= {name: value for name, value in given.items() if name not in names}
            return stack.enter_context(
                Session(server, Bounds(**bounds, limits=Limits(**limits)), seed, files)
            )

        yield start


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> "Iterator[Chrome]":
    """A headless Chromium that reaches this machine alone; it logs requests, and what scripts print."""
    from selenium.webdriver import Chrome, ChromeOptions, ChromeService  # slow to import, and used here alone

    # Several processes may run tests, and only one at a time may install.
    with (Path(tempfile.gettempdir()) / "autograde-chromium.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytestconfig.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
            chromium, driver = _chromium()
    options = ChromeOptions()
    options.binary_location = chromium
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    for argument in (
        *("headless", "no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "disable-sync"),
        *("disable-background-networking", "disable-component-update", "disable-dev-shm-usage"),
        "host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        f"user-data-dir={tmp_path_factory.mktemp('chromium')}",
        "window-size=1200,900",
    ):
        options.add_argument(f"--{argument}")
    with Chrome(options=options, service=ChromeService(driver)) as running:
        running.set_page_load_timeout(60)
        yield running


def _chromium() -> tuple[str, str]:
    """Return where Chromium and its driver are; on a machine where that may be done they are installed."""
    install = ["apt-get", "install", "--yes", "--no-install-recommends", "chromium", "chromium-driver"]
    if not _found_chromium() and shutil.which("apt-get") and os.geteuid() == 0:
        print("\nChromium is missing: installing it with apt-get ...", flush=True)
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for command in (["apt-get", "update"], install):
            subprocess.run(command, env=environment, capture_output=True, check=False, timeout=600)
    found = _found_chromium()
    if found is None:
        reason = f"no chromium and chromedriver here; on Debian and Ubuntu: {' '.join(install)}"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    return found


def _found_chromium() -> tuple[str, str] | None:
    browser, driver = shutil.which("chromium"), shutil.which("chromedriver")
    return (browser, driver) if browser and driver else None


@pytest.fixture(scope="session")
def toy_grader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grader]:
    """One grader of a built copy of the toy course, for tests that change nothing in it."""
    root = tmp_path_factory.mktemp("toy") / "toy course"
    shutil.copytree(TOY_COURSE, root, ignore=shutil.ignore_patterns("__pycache__"))
    # Long enough for a busy machine, short enough to wait for students' endless loops.
    (root / "pyproject.toml").write_text("[tool.autograde]\ncell_seconds = 4\nprobe_seconds = 4\n", "utf-8")
    build(Course(root), "toy")
    with Grader(Course(root)) as grader:
        yield grader


@pytest.fixture
def write_checks(tmp_path: Path) -> Callable[[str], Path]:
    """`write_checks(text)`: the path of a check file of an exercise called `answer`."""

    def write(text: str) -> Path:
        path = tmp_path / "answer" / "test_answer.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text("from autograde.checks import check\n\n" + textwrap.dedent(text), "utf-8")
        return path

    return write


@pytest.fixture
def student_process(warm_server: WarmServer) -> Iterator[Callable[[str], Session]]:
    """`student_process(cell)`: a student's process that has run the cell; with "" it starts when asked."""
    bounds = Bounds(20, 20, 120, Limits(memory=2**30, output=2**16))
    with ExitStack() as stack:

        def start(cell: str) -> Session:
            session = stack.enter_context(Session(warm_server, bounds, seed=0))
            if cell:
                assert session.run_cell(cell).fine
            return session

        yield start


@pytest.fixture
def judge(
    write_checks: Callable[[str], Path], student_process: Callable[[str], Session]
) -> Callable[..., dict[str, CheckResult]]:
    """`judge(checks, student="", reference="", seed=0)`: results by check; the two sides are cells to run."""

    def run(checks: str, student: str = "", reference: str = "", seed: int = 0) -> dict[str, CheckResult]:
        judging = Judging(student_process(student), student_process(reference), seed)
        with CheckSuite([write_checks(checks)]) as suite:
            return {result.name: result for result in suite.run("answer", judging)}

    return run


@pytest.fixture(scope="session")
def change() -> Callable[[Path, str, str], None]:
    """`change(path, old, new)`: replace a part of a file, which must be there once."""

    def replace(path: Path, old: str, new: str) -> None:
        text = path.read_text("utf-8")
        assert text.count(old) == 1
        path.write_text(text.replace(old, new), "utf-8")

    return replace


@pytest.fixture(scope="session")
def command() -> Callable[..., subprocess.CompletedProcess[str]]:
    """`command(*arguments, cwd)`: run `autograde` as from the command line, but in this process."""

    def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
        out, err = io.StringIO(), io.StringIO()
        status = 0
        with ExitStack() as stack:
            stack.enter_context(patch.object(sys, "argv", ["autograde", *arguments]))
            for context in (chdir(cwd), redirect_stdout(out), redirect_stderr(err)):
                stack.enter_context(context)
            try:
                cli.main()
            except SystemExit as ended:
                status = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
        return subprocess.CompletedProcess(arguments, status, out.getvalue(), err.getvalue())

    return run


@pytest.fixture
def save_in_jupyter() -> Callable[..., None]:
    """`save_in_jupyter(path, edit)`: run, edit and save a notebook, with what JupyterLab adds when it does.

    `edit` is given the notebook's JSON and changes it in place; it may be left out.
    """

    def save(path: Path, edit: Callable[[dict[str, Any]], object] = lambda nb: None) -> None:
        nb = json.loads(path.read_text("utf-8"))
        nb["metadata"]["language_info"] = {"name": "python", "version": "3.13.1", "file_extension": ".py"}
        for number, cell in enumerate(nb["cells"], 1):
            added = {"editable": True, "slideshow": {"slide_type": ""}, "tags": []}
            cell["metadata"] = added | cell["metadata"]
            if cell["cell_type"] == "code":
                cell["execution_count"] = number
                cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["7\n"]}]
                cell["metadata"]["collapsed"] = False
        edit(nb)
        path.write_text(json.dumps(nb, indent=1) + "\n", "utf-8")

    return save
