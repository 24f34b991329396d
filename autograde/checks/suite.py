"""The collected checks of a course: collected once, run for each submission without starting pytest anew."""

from __future__ import annotations

import contextlib
import os
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pytest
from _pytest.config import _prepareconfig
from _pytest.runner import runtestprotocol

from autograde.checks import plugin
from autograde.checks.judging import CheckFailed, Judging, KitFault
from autograde.errors import AutogradeError, CourseError
from autograde.model import CheckInfo, CheckResult, Outcome

# Nothing of the machine's or the course's own pytest set-up may change what a check does.
_OPTIONS = [
    *("-c", os.devnull, "--noconftest", "--disable-plugin-autoload", "-p", "autograde.checks.plugin"),
    *("-p", "no:cacheprovider", "-p", "no:terminal", "-p", "no:faulthandler", "--capture=no"),
    "--import-mode=importlib",
    "--assert=plain",  # an assertion's text is then its author's message alone
]


class _Recorder:
    """Keeps what the last check raised."""

    def __init__(self) -> None:
        self.error: BaseException | None = None
        self.problems: list[str] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> None:
        if call.excinfo is not None and self.error is None:
            self.error = call.excinfo.value

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.problems.append(str(report.longrepr))


class CheckSuite:
    """The checks of some exercises' folders. Use as a context manager."""

    def __init__(self, check_files: Sequence[Path]) -> None:
        self._files = check_files
        self._items: dict[str, list[pytest.Item]] = defaultdict(list)
        self._infos: dict[str, CheckInfo] = {}

    def __enter__(self) -> Self:
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
            self._collect()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def _collect(self) -> None:
        try:
            items = self._session.perform_collect()
        except pytest.UsageError as error:
            raise CourseError(f"hidden checks: {error}") from error
        if self._recorder.problems:
            raise CourseError(f"hidden checks cannot be collected: {self._recorder.problems[0]}")
        for item in items:
            self._items[item.path.parent.name].append(item)
            self._infos[item.nodeid] = _info(item)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._config.hook.pytest_sessionfinish(session=self._session, exitstatus=0)
        self._config._ensure_unconfigure()

    def infos(self, exercise: str) -> tuple[CheckInfo, ...]:
        """Return what was declared about an exercise's checks, in file order."""
        return tuple(self._infos[item.nodeid] for item in self._items[exercise])

    def run(self, exercise: str, judging: Judging) -> tuple[CheckResult, ...]:
        """Run all checks of an exercise against one submission, in file order."""
        results: dict[str, CheckResult] = {}
        for item in self._items[exercise]:
            info = self._infos[item.nodeid]
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
            if name not in results:
                raise CourseError(f"check {info.name} needs {name}, which is no earlier check of its file")
            needed = results[name]
            if needed.outcome is Outcome.ERROR:
                return Outcome.ERROR, f"not judged: {name} could not be judged"
            if needed.outcome is not Outcome.PASSED:
                return Outcome.SKIPPED, f"Not tried, because this failed: {needed.sentence}"
        return None

    def _judge(self, item: pytest.Item, judging: Judging) -> tuple[Outcome, str]:
        match self._raised_by(item, judging):
            case None:
                return Outcome.PASSED, ""
            case AutogradeError() as error:
                raise error  # the server is gone: no outcome of this or any other check
            case KitFault() as error:
                return Outcome.ERROR, str(error)
            case CheckFailed() as error:
                return Outcome.FAILED, str(error)
            case Exception() as error:
                return self._odd(item, judging, error)
            case error:
                raise error

    def _odd(self, item: pytest.Item, judging: Judging, error: Exception) -> tuple[Outcome, str]:
        """Judge a check that raised something of its own: if the reference passes it, the data was odd."""
        own = self._raised_by(item, Judging(judging.reference, judging.reference, judging.seed))
        if own is not None:
            return Outcome.ERROR, f"the check itself fails on the reference: {type(own).__name__}: {own}"
        if isinstance(error, AssertionError):
            return Outcome.FAILED, str(error)
        return Outcome.FAILED, "Your result has a form that the check cannot read."

    def _raised_by(self, item: pytest.Item, judging: Judging) -> BaseException | None:
        self._recorder.error = None
        self._config.stash[plugin.JUDGING] = judging
        runtestprotocol(item, log=False, nextitem=None)
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


def _info(item: pytest.Item) -> CheckInfo:
    mark = item.get_closest_marker("check")
    sentence = (getattr(item, "obj", None).__doc__ or "").strip().split("\n")[0]
    if mark is None or not sentence:
        missing = "@check(...)" if mark is None else "a docstring: the sentence a student reads"
        raise CourseError(f"{item.path}: {item.name} has no {missing}")
    declared: dict[str, Any] = dict(mark.kwargs)
    return CheckInfo(name=item.name, sentence=sentence, **declared)
