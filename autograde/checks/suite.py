"""The collected checks of a course: collected once, run for each submission without starting pytest anew."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import pytest
from _pytest.config import _prepareconfig
from _pytest.runner import runtestprotocol

from autograde.checks import plugin
from autograde.checks.declared import declared_checks
from autograde.checks.judging import Judging, KitFault
from autograde.errors import AutogradeError, CourseError
from autograde.model import CheckInfo, CheckResult, Outcome

MAX_MESSAGE = 2_000  # characters: a student's values may be in it

# Nothing of the machine's or the course's own pytest set-up may change what a check does.
_OPTIONS = [
    *("-c", os.devnull, "--noconftest", "--disable-plugin-autoload", "-p", "autograde.checks.plugin"),
    *("-p", "no:cacheprovider", "-p", "no:terminal", "-p", "no:faulthandler", "--capture=no"),
    *("-p", "no:unraisableexception", "-p", "no:threadexception"),  # the grader's own go to its stderr
    *("-p", "no:logging"),
    "--import-mode=importlib",
    "--assert=plain",  # an assertion's text is then its author's message alone
]


class _Recorder:
    """Keeps what the last check raised, and why a check file could not be imported."""

    def __init__(self) -> None:
        self.error: BaseException | None = None
        self.problem = ""

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> None:
        if call.excinfo is not None and self.error is None:
            self.error = call.excinfo.value

    def pytest_exception_interact(
        self, node: pytest.Item | pytest.Collector, call: pytest.CallInfo[object]
    ) -> None:
        if isinstance(node, pytest.Collector) and call.excinfo is not None and not self.problem:
            error = call.excinfo.value.__cause__ or call.excinfo.value  # pytest wraps an ImportError
            self.problem = f"{node.path}: cannot be imported: {_one_line(error)}"


class CheckSuite:
    """The checks of some exercises' folders. Use as a context manager."""

    def __init__(self, check_files: Sequence[Path]) -> None:
        self._files = check_files
        self._checks: dict[str, list[tuple[pytest.Item, CheckInfo]]] = {}
        self._faults: dict[tuple[str, int], str] = {}

    def __enter__(self) -> Self:
        if not self._files:
            return self  # pytest would look for tests in the working directory
        declared = {path.parent.name: declared_checks(path) for path in self._files}
        # pytest offers no public way to collect once and run many times; these few calls are what its own
        # command line does, without the loop in between.
        self._recorder = _Recorder()
        arguments = [*_OPTIONS, f"--rootdir={self._files[0].parent}", *map(str, self._files)]
        with _without_variable("PYTEST_ADDOPTS"):
            self._config = _prepareconfig(arguments, [self._recorder])
        self._config._do_configure()
        self._session = pytest.Session.from_config(self._config)
        self._config.hook.pytest_sessionstart(session=self._session)
        try:
            self._collect(declared)
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def _collect(self, declared: Mapping[str, Sequence[CheckInfo]]) -> None:
        with contextlib.redirect_stdout(sys.stderr), _forgotten_imports(self._files):
            items = self._session.perform_collect()
        if self._recorder.problem:
            raise CourseError(self._recorder.problem)
        for path in self._files:
            exercise = path.parent.name
            found = {item.name: item for item in items if item.path.parent.name == exercise}
            for name in sorted(found.keys() ^ {info.name for info in declared[exercise]}):
                raise CourseError(f"{path}: {name} must be a plain function at the top level, run once")
            self._checks[exercise] = [(found[info.name], info) for info in declared[exercise]]

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self._files:
            return
        self._config.hook.pytest_sessionfinish(session=self._session, exitstatus=0)
        self._config._ensure_unconfigure()

    def infos(self, exercise: str) -> tuple[CheckInfo, ...]:
        """Return what was declared about an exercise's checks, in file order."""
        return tuple(info for _, info in self._checks.get(exercise, ()))

    def run(self, exercise: str, judging: Judging) -> tuple[CheckResult, ...]:
        """Run all checks of an exercise against one submission, in file order."""
        results: dict[str, CheckResult] = {}
        for item, info in self._checks[exercise]:
            started = time.perf_counter()
            outcome, message = self._unmet(info, results) or self._judge(item, judging)
            seconds = time.perf_counter() - started
            hint = info.hint if outcome is Outcome.FAILED else ""
            results[info.name] = CheckResult(
                info.name, info.sentence, info.points, outcome, message, hint, info.visibility, seconds
            )
        return tuple(results.values())

    def _unmet(self, info: CheckInfo, results: Mapping[str, CheckResult]) -> tuple[Outcome, str] | None:
        for name in info.needs:
            needed = results[name]
            if needed.outcome is Outcome.ERROR:
                return Outcome.ERROR, f"not judged: {name} could not be judged"
            if needed.outcome is not Outcome.PASSED:
                return Outcome.SKIPPED, f"Not tried, because this failed: {needed.sentence}"
        return None

    def _judge(self, item: pytest.Item, judging: Judging) -> tuple[Outcome, str]:
        error = self._raised_by(item, judging)
        if error is None:
            return Outcome.PASSED, ""
        if isinstance(error, KitFault):
            return Outcome.ERROR, str(error)
        if fault := self._fault(item, judging):
            return Outcome.ERROR, fault
        if isinstance(error, AssertionError | pytest.fail.Exception):
            return Outcome.FAILED, _shortened(str(error))
        return Outcome.FAILED, "Your result has a form that the check cannot read."

    def _fault(self, item: pytest.Item, judging: Judging) -> str:
        """Return why a check judges nobody, as the reference does not pass it either; "" if it does."""
        key = item.nodeid, judging.seed  # a fault may depend on what was drawn
        if key not in self._faults:
            own = self._raised_by(item, Judging(judging.reference, judging.reference, judging.seed))
            told = "" if own is None else f"the reference fails this check too: {_one_line(own)}"
            self._faults[key] = told
        return self._faults[key]

    def _raised_by(self, item: pytest.Item, judging: Judging) -> BaseException | None:
        self._recorder.error = None
        self._config.stash[plugin.JUDGING] = judging
        # What a check prints is for its author. What it tells of a student's arrays can be long: numpy writes
        # some millions of numbers of one with many dimensions, if it is not told otherwise.
        with contextlib.redirect_stdout(sys.stderr), np.printoptions(threshold=100, edgeitems=2):
            runtestprotocol(item, log=False, nextitem=None)
        if isinstance(self._recorder.error, AutogradeError):
            raise self._recorder.error  # the server is gone: no outcome of this or any other check
        return self._recorder.error


@contextlib.contextmanager
def _without_variable(name: str) -> Iterator[None]:
    """Hide an environment variable."""
    value = os.environ.pop(name, None)
    try:
        yield
    finally:
        if value is not None:
            os.environ[name] = value


@contextlib.contextmanager
def _forgotten_imports(files: Sequence[Path]) -> Iterator[None]:
    """Take `files` out of the modules that were imported meanwhile: a later suite then reads them anew."""
    before = set(sys.modules)
    yield
    paths = {str(path) for path in files}
    for name in set(sys.modules) - before:
        if vars(sys.modules[name]).get("__file__") in paths:
            del sys.modules[name]


def _shortened(message: str) -> str:
    return message if len(message) <= MAX_MESSAGE else f"{message[:MAX_MESSAGE]} ..."


def _one_line(error: BaseException) -> str:
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
