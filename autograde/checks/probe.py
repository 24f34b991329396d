"""Probes: small functions of a check that are sent into the student's process."""

from __future__ import annotations

import ast
import builtins
import dis
import functools
import inspect
import textwrap
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import CodeType, FunctionType
from typing import Any

from autograde.sandbox.answers import Request

_DOCUMENTED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_LENT = frozenset({"autograde.checks.figures"})  # modules whose functions go along with any probe


class ProbeError(TypeError):
    """A probe that cannot be sent: a mistake of the check's author."""


def request_for(probe: Callable[..., Any], inputs: Mapping[str, Any]) -> Request:
    """Return what is sent for `probe`: its source with all it needs, and the student's names it wants.

    Raises:
        ProbeError: it is no plain function, closes over variables, or uses something that cannot be sent.

    """
    if not isinstance(probe, FunctionType):
        raise ProbeError(f"a probe must be a plain function, not {probe!r}")
    source, parameters = _shipped(_Definition(probe.__code__, probe.__code__.co_filename, probe))
    unknown = set(inputs) - set(parameters)
    if unknown:
        raise ProbeError(f"probe {probe.__name__} has no argument {sorted(unknown)[0]!r}")
    return Request(probe.__name__, source, tuple(name for name in parameters if name not in inputs))


@dataclass(frozen=True)
class _Definition:
    """A probe as it is written: the function object is another one in each run of its check."""

    code: CodeType  # equal in two files if the text and its line are
    file: str
    function: FunctionType = field(compare=False)


@functools.cache
def _shipped(probe: _Definition) -> tuple[str, tuple[str, ...]]:
    parts: dict[str, str] = {}
    _collect(probe.function, parts, {})
    return "\n\n".join(parts.values()), tuple(inspect.signature(probe.function).parameters)


def _collect(function: FunctionType, parts: dict[str, str], meant: dict[str, Any]) -> None:
    """Add the source of `function` to `parts`, after everything of its module and of `_LENT` that it uses."""
    where = f"{function.__name__} ({inspect.getfile(function)}, line {function.__code__.co_firstlineno})"
    if not _is_new(function.__name__, function, meant, where):
        return  # functions may use each other
    if function.__closure__:
        names = ", ".join(function.__code__.co_freevars)
        raise ProbeError(f"probe {where} uses {names} from around it: pass that as a keyword argument")
    node = _plain_tree(function)
    for name in _global_names(compile(ast.Module([node], []), "<probe>", "exec")):
        if name.startswith("__"):
            continue  # a class in a probe also loads `__name__`
        if name in function.__globals__:
            value = function.__globals__[name]
            if isinstance(value, FunctionType) and value.__module__ in {function.__module__, *_LENT}:
                _collect(value, parts, meant)
                if _is_new(name, value, meant, where):  # imported under another name
                    parts[name] = f"{name} = {value.__name__}"
            elif _is_new(name, value, meant, where):
                parts[name] = f"{name} = {_constant(name, value, where)}"
        elif not hasattr(builtins, name):
            raise ProbeError(
                f"probe {where} uses {name}, which is defined nowhere: import it inside the probe"
            )
    parts[function.__name__] = ast.unparse(node)


def _is_new(name: str, value: Any, meant: dict[str, Any], where: str) -> bool:
    """Tell whether nothing is sent under this name yet, and note what it means from now on."""
    if name not in meant:
        meant[name] = value
        return True
    if meant[name] is not value:
        raise ProbeError(f"probe {where} is sent with two things called {name}: rename one of them")
    return False


def _constant(name: str, value: Any, where: str) -> str:
    """Return the source of a value that is plain data."""
    try:
        same = ast.literal_eval(repr(value)) == value
    except (ValueError, SyntaxError):
        same = False
    if not same:
        kind = type(value).__name__
        raise ProbeError(
            f"probe {where} uses {name}, a {kind} that cannot be sent: import or build it inside"
        )
    return repr(value)


def _global_names(code: CodeType) -> Iterable[str]:
    """Yield the global names that code and the functions and classes within it load."""
    own = {step.argval for step in dis.get_instructions(code) if step.opname == "STORE_NAME"}
    for step in dis.get_instructions(code):
        if step.opname == "LOAD_GLOBAL" or (step.opname == "LOAD_NAME" and step.argval not in own):
            yield str(step.argval)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _global_names(constant)


def _plain_tree(function: FunctionType) -> ast.FunctionDef:
    """Return the function without decorators, annotations and docstrings, which are not for students."""
    source = "" if function.__name__ == "<lambda>" else textwrap.dedent(inspect.getsource(function))
    node = next(iter(ast.parse(source).body), None)
    if not isinstance(node, ast.FunctionDef):
        raise ProbeError(f"probe {function.__name__} must be a `def`")
    node.decorator_list = []
    for part in ast.walk(node):
        if isinstance(part, ast.arg):
            part.annotation = None
        elif isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef):
            part.returns = None
        if isinstance(part, _DOCUMENTED) and ast.get_docstring(part, clean=False) is not None:
            part.body = part.body[1:] or [ast.Pass(lineno=1, col_offset=0)]
    return node
