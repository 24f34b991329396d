"""What a check file declares, read from its text: it is not imported."""

from __future__ import annotations

import ast
import inspect
import math
from pathlib import Path
from typing import Any

from autograde.errors import CourseError
from autograde.model import CheckInfo, Visibility


def declared_checks(path: Path) -> tuple[CheckInfo, ...]:
    """Return what the file's checks declare, in file order.

    Raises:
        CourseError: the file is missing or no Python, has no checks, or a check has no docstring or bad
            arguments; the message names file and line.

    """
    try:
        tree = ast.parse(path.read_text("utf-8"))
    except OSError as error:
        raise CourseError(f"{path}: {error.strerror or error}") from error
    except SyntaxError as error:
        raise CourseError(f"{path}:{error.lineno or 1}: not valid Python: {error.msg}") from error
    except ValueError as error:  # not UTF-8, or a null byte
        raise CourseError(f"{path}: not valid Python: {error}") from error
    checks: dict[str, CheckInfo] = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            try:
                info = _declared(node, checks)
            except ValueError as error:
                raise CourseError(f"{path}:{node.lineno}: {node.name} {error}") from error
            if info:
                checks[info.name] = info
    if not checks:
        raise CourseError(f"{path}: no checks; write a function test_... with @check() above it")
    return tuple(checks.values())


def _declared(
    node: ast.FunctionDef | ast.AsyncFunctionDef, earlier: dict[str, CheckInfo]
) -> CheckInfo | None:
    """Return what a function declares, None if it is no check; ValueError says what is wrong with it."""
    decorator = next(filter(_is_check, node.decorator_list), None)
    if decorator is None:
        if node.name.startswith("test_"):
            raise ValueError("has no @check(); every test_ function of a check file needs it")
        return None
    if isinstance(node, ast.AsyncFunctionDef):
        raise ValueError("is async; a check is a plain function")
    if not node.name.startswith("test_"):
        raise ValueError("has @check() but is not called test_...: it would never run")
    if node.name in earlier:
        raise ValueError("is there twice: the second would replace the first")
    sentence = inspect.cleandoc(ast.get_docstring(node, clean=False) or "").partition("\n")[0].strip()
    if not sentence:
        raise ValueError("has no docstring; its first line is the sentence a student reads")
    return CheckInfo(node.name, sentence, **_arguments(decorator, earlier))


def _is_check(node: ast.expr) -> bool:
    function = node.func if isinstance(node, ast.Call) else node
    if isinstance(function, ast.Attribute):
        return function.attr == "check" and not ast.unparse(function).startswith("pytest.")
    return isinstance(function, ast.Name) and function.id == "check"


def _arguments(decorator: ast.expr, earlier: dict[str, CheckInfo]) -> dict[str, Any]:
    if not isinstance(decorator, ast.Call):
        raise ValueError("has @check without parentheses; write @check()")
    if decorator.args:
        raise ValueError("has a @check argument without a name; write points=..., hint=...")
    given: dict[str, Any] = {"points": 1, "hint": "", "visibility": Visibility.ALWAYS.value, "needs": ()}
    for keyword in decorator.keywords:
        if keyword.arg not in given:
            raise ValueError(f"has a @check argument {keyword.arg!r}; there are {', '.join(given)}")
        try:
            given[keyword.arg] = ast.literal_eval(keyword.value)
        except ValueError as error:
            raise ValueError(f"computes {keyword.arg} of @check; write the value itself") from error
    return _validated(**given, earlier=earlier)


def _validated(
    points: Any, hint: Any, visibility: Any, needs: Any, earlier: dict[str, CheckInfo]
) -> dict[str, Any]:
    number = isinstance(points, int | float) and not isinstance(points, bool)
    if not number or not 0 < points < math.inf:
        raise ValueError(f"has points={points!r}; points are a number above 0")
    if not isinstance(hint, str):
        raise ValueError(f"has hint={hint!r}; a hint is a string")
    if visibility not in list(Visibility):
        allowed = ", ".join(repr(one.value) for one in Visibility)
        raise ValueError(f"has visibility={visibility!r}; there are {allowed}")
    if not isinstance(needs, list | tuple):
        raise ValueError(f"has needs={needs!r}; needs is a list of names of checks")
    for name in needs:
        if name not in earlier:
            raise ValueError(f"needs {name!r}, which is no check above it in this file")
    return {
        "points": float(points),
        "hint": hint,
        "visibility": Visibility(visibility),
        "needs": tuple(needs),
    }
