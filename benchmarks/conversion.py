"""The same checks for stock nbgrader: recorded probes as plain Python in the grade cells of a notebook."""

from __future__ import annotations

import ast
import copy
import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from nbformat import NotebookNode

from autograde.checks.compare import mismatch
from autograde.notebook import graded_exercise
from autograde.sandbox import wire
from autograde.sandbox.answers import Request
from autograde.sandbox.arrays import array_from
from benchmarks.measuring import BenchmarkError
from benchmarks.recording import Probe, Recording

PREAMBLE = """\
import math
import random
import sys


def hidden_seed(seed):
    random.seed(seed)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(seed)
    if "torch" in sys.modules:
        sys.modules["torch"].manual_seed(seed)


def hidden_same(actual, expected):
    if isinstance(expected, dict):
        same_keys = actual.keys() == expected.keys()
        return same_keys and all(hidden_same(actual[key], expected[key]) for key in expected)
    if isinstance(expected, (list, tuple)):
        return len(actual) == len(expected) and all(map(hidden_same, actual, expected))
    if isinstance(expected, float):
        return math.isclose(actual, expected, rel_tol=1e-4, abs_tol=1e-5)
    return actual == expected
"""


def with_hidden_tests(source: NotebookNode, recordings: Sequence[Recording], seed: int) -> NotebookNode:
    """Return a source notebook whose grade cells also hold the first recording's probes, as hidden tests.

    Each probe runs on the notebook's names, seeded as a check's is. What it finds is compared with what it
    found at the reference if that is plain data, and if it was the same in all recordings: what a right
    answer is free to choose is computed only.
    """
    converted = copy.deepcopy(source)
    for cell in converted.cells:
        probes = [
            step
            for step in recordings[0]
            if isinstance(step, Probe) and step.exercise == graded_exercise(cell) != ""
        ]
        if probes:
            tests = (_test(number, probe, recordings, seed) for number, probe in enumerate(probes, 1))
            hidden = "\n\n".join([PREAMBLE, *tests])
            imports = "import torch\n" if "torch." in hidden else ""
            cell.source += f"\n\n### BEGIN HIDDEN TESTS\n{imports}{hidden}\n### END HIDDEN TESTS"
    return converted


def _test(number: int, probe: Probe, recordings: Sequence[Recording], seed: int) -> str:
    arguments = [f"{name}={name}" for name in probe.request.names]
    arguments += [f"{name}={literal(value)}" for name, value in probe.inputs.items()]
    call = f"hidden_{number}()({', '.join(arguments)})"
    if is_plain(probe.expected) and all(_agrees(probe, recording) for recording in recordings):
        call = f"assert hidden_same({call}, {literal(probe.expected)})"
    return f"{_maker(f'hidden_{number}', probe.request)}\n\n\nhidden_seed({seed})\n{call}"


def _maker(name: str, request: Request) -> str:
    """Return a function that makes the probe, so that its helpers do not replace names of the notebook."""
    module = ast.parse(f"def {name}():\n    return {request.name}")
    function = module.body[0]
    assert isinstance(function, ast.FunctionDef)
    function.body[:0] = ast.parse(request.source).body
    return ast.unparse(module)


def _agrees(probe: Probe, recording: Recording) -> bool:
    key = _key(probe)
    found = (step.found for step in recording if isinstance(step, Probe) and _key(step) == key)
    return all(not mismatch(probe.expected, value, rtol=1e-5, atol=1e-6) for value in found)


def _key(probe: Probe) -> tuple[Request, bytes]:
    return probe.request, wire.encode(dict(probe.inputs), array_from)


def is_plain(value: Any) -> bool:
    """Return whether a value can be written down and compared as it is: no arrays, no NaN, no infinity."""
    if isinstance(value, dict):
        return all(is_plain(part) for pair in value.items() for part in pair)
    if isinstance(value, list | tuple | set | frozenset):
        return all(map(is_plain, value))
    if isinstance(value, float):
        return math.isfinite(value)
    return value is None or isinstance(value, bool | int | str | bytes)


def literal(value: Any) -> str:
    """Return the Python expression of a probe's input; an array becomes the tensor that it arrives as."""
    match value:
        case float():  # numpy's float64 is one, and is sent as one
            return float.__repr__(value) if math.isfinite(value) else f"float('{float(value)}')"
        case complex():
            return f"complex({literal(value.real)}, {literal(value.imag)})"
        case np.ndarray() | np.generic():
            array = np.asarray(value)
            dtype = getattr(value, "torch_dtype", "") or array.dtype.name
            numbers = literal(array.ravel().tolist())
            return f"torch.tensor({numbers}, dtype=torch.{dtype}).reshape({array.shape})"
        case None | bool() | int() | str() | bytes():
            return repr(value)
        case list():
            return f"[{', '.join(_literals(value))}]"
        case tuple():
            return f"({''.join(f'{item}, ' for item in _literals(value))})"
        case set() | frozenset():
            return f"{{{', '.join(sorted(_literals(value)))}}}" if value else "set()"
        case dict():
            pairs = zip(_literals(value), _literals(value.values()), strict=True)
            return f"{{{', '.join(f'{key}: {item}' for key, item in pairs)}}}"
        case _:
            raise BenchmarkError(f"a probe's input cannot be written down: {type(value).__name__}")


def _literals(values: Any) -> Iterator[str]:
    return map(literal, values)
