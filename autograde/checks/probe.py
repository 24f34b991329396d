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


class ProbeError(TypeError):
    """A probe that cannot be sent: a mistake of the check's author."""


def request_for(probe: Callable[..., Any], inputs: Mapping[str, Any]) -> Request:
    """Return what is sent for `probe`: its source with all it needs, and the student's names it wants.

    Raises:
        ProbeError: it is no plain function, closes over variables, or uses something that cannot be sent.

    """
    if not isinstance(probe, FunctionType):
        raise ProbeError(f"a probe must be a plain function, not {probe!r}")
    source, parameters = _shipped(_Definition(probe.__code__, probe))
    unknown = set(inputs) - set(parameters)
    if unknown:
        raise ProbeError(f"probe {probe.__name__} has no argument {sorted(unknown)[0]!r}")
    return Request(probe.__name__, source, tuple(name for name in parameters if name not in inputs))


@dataclass(frozen=True)
class _Definition:
    """A probe as it is written: the function object is another one in each run of its check."""

    code: CodeType
    function: FunctionType = field(compare=False)


@functools.cache
def _shipped(probe: _Definition) -> tuple[str, tuple[str, ...]]:
    parts: dict[str, str] = {}
    _collect(probe.function, parts)
    return "\n\n".join(parts.values()), tuple(inspect.signature(probe.function).parameters)


def _collect(function: FunctionType, parts: dict[str, str]) -> None:
    """Add the source of `function` to `parts`, after everything of its module that it uses."""
    where = f"{function.__name__} ({inspect.getfile(function)}, line {function.__code__.co_firstlineno})"
    if function.__closure__:
        names = ", ".join(function.__code__.co_freevars)
        raise ProbeError(f"probe {where} uses {names} from around it: pass that as a keyword argument")
    node = _plain_tree(function)
    for name in (*_default_names(node), *_global_names(function.__code__)):
        if name in parts or name == function.__name__ or name.startswith("__"):
            continue  # a class in a probe also loads `__name__`
        if name in function.__globals__:
            _ship(name, function.__globals__[name], function, parts, where)
        elif not hasattr(builtins, name):
            raise ProbeError(
                f"probe {where} uses {name}, which is defined nowhere: import it inside the probe"
            )
    parts[function.__name__] = ast.unparse(node)


def _ship(name: str, value: Any, user: FunctionType, parts: dict[str, str], where: str) -> None:
    if isinstance(value, FunctionType) and value.__module__ == user.__module__:
        _collect(value, parts)
        return
    try:
        same = ast.literal_eval(repr(value)) == value
    except (ValueError, SyntaxError):
        same = False
    if not same:
        kind = type(value).__name__
        raise ProbeError(
            f"probe {where} uses {name}, a {kind} that cannot be sent: import or build it inside"
        )
    parts[name] = f"{name} = {value!r}"


def _global_names(code: CodeType) -> Iterable[str]:
    """Yield the global names that a function and the functions within it load."""
    for instruction in dis.get_instructions(code):
        if instruction.opname in ("LOAD_GLOBAL", "LOAD_NAME"):
            yield str(instruction.argval)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _global_names(constant)


def _default_names(node: ast.FunctionDef) -> Iterable[str]:
    """Yield the names that the defaults of a function's arguments use."""
    for default in (*node.args.defaults, *filter(None, node.args.kw_defaults)):
        yield from (part.id for part in ast.walk(default) if isinstance(part, ast.Name))


def _plain_tree(function: FunctionType) -> ast.FunctionDef:
    """Return the function without decorators, annotations and docstring, which are not for students."""
    node = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    if not isinstance(node, ast.FunctionDef):
        raise ProbeError(f"probe {function.__name__} must be a `def`")
    node.decorator_list = []
    node.returns = None
    for argument in ast.walk(node.args):
        if isinstance(argument, ast.arg):
            argument.annotation = None
    if ast.get_docstring(node, clean=False) is not None:
        node.body = node.body[1:] or [ast.Pass()]
    return node
