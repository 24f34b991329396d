"""The same checks for other graders: recorded probes as plain Python, hidden tests of nbgrader or otter."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator, Sequence

from nbformat import NotebookNode

from autograde.checks.compare import mismatch
from autograde.notebook import graded_exercise
from autograde.sandbox import wire
from autograde.sandbox.answers import Request
from autograde.sandbox.arrays import array_from
from benchmarks.literals import is_plain, literal
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
_OTTER = "\n\nfrom otter.test_files import test_case\n\nOK_FORMAT = False\nname = {name!r}\n"
_CASE = "@test_case(points=1, hidden=True)\ndef case_{number}(env):\n"


def with_hidden_tests(source: NotebookNode, recordings: Sequence[Recording], seed: int) -> NotebookNode:
    """Return a source notebook whose grade cells also hold the first recording's probes, as hidden tests.

    Each probe runs on the notebook's names, seeded as a check's is. What it finds is compared with what it
    found at the reference if that is plain data, and if it was the same in all recordings: what a right
    answer is free to choose is computed only.
    """
    converted = copy.deepcopy(source)
    for cell in converted.cells:
        if probes := _probes(recordings[0], graded_exercise(cell)):
            tests = (
                f"{_maker(number, probe)}\n\n\n{_body(number, probe, recordings, seed, str)}"
                for number, probe in enumerate(probes, start=1)
            )
            hidden = "\n\n".join(tests)
            cell.source += f"\n\n### BEGIN HIDDEN TESTS\n{_helpers(hidden)}\n\n{hidden}\n### END HIDDEN TESTS"
    return converted


def otter_tests(recordings: Sequence[Recording], seed: int) -> dict[str, str]:
    """Return a test file of otter for each exercise: the same tests, a case of one point for each probe."""
    files = {}
    for name in dict.fromkeys(step.exercise for step in recordings[0] if isinstance(step, Probe)):
        probes = enumerate(_probes(recordings[0], name), start=1)
        cases = "\n\n\n".join(_case(number, probe, recordings, seed) for number, probe in probes)
        files[name] = f"{_helpers(cases)}{_OTTER.format(name=name)}\n\n{cases}\n"
    return files


def _probes(recording: Recording, exercise: str) -> list[Probe]:
    return [step for step in recording if isinstance(step, Probe) and step.exercise == exercise]


def _case(number: int, probe: Probe, recordings: Sequence[Recording], seed: int) -> str:
    body = _body(number, probe, recordings, seed, "env[{!r}]".format)
    indented = "\n".join(f"    {line}" for line in body.splitlines())  # of two lines, none within a string
    return f"{_maker(number, probe)}\n\n\n{_CASE.format(number=number)}{indented}"


def _body(
    number: int, probe: Probe, recordings: Sequence[Recording], seed: int, notebooks: Callable[[str], str]
) -> str:
    """Return the lines that run a probe; `notebooks` writes down a name of the notebook."""
    arguments = [f"{name}={notebooks(name)}" for name in probe.request.names]
    arguments += [f"{name}={literal(value)}" for name, value in probe.inputs.items()]
    call = f"hidden_{number}()({', '.join(arguments)})"
    if is_plain(probe.expected) and all(_agrees(probe, recording) for recording in recordings):
        call = f"assert hidden_same({call}, {literal(probe.expected)})"
    return f"hidden_seed({seed})\n{call}"


def _helpers(tests: str) -> str:
    return f"import torch\n{PREAMBLE}" if "torch." in tests else PREAMBLE


def _maker(number: int, probe: Probe) -> str:
    """Return a function that makes the probe, so that its helpers do not replace names of the notebook."""
    module = ast.parse(f"def hidden_{number}():\n    return {probe.request.name}")
    function = module.body[0]
    assert isinstance(function, ast.FunctionDef)
    function.body[:0] = ast.parse(probe.request.source).body
    return ast.unparse(module)


def _agrees(probe: Probe, recording: Recording) -> bool:
    key = _key(probe)
    found: Iterator[object] = (
        step.found for step in recording if isinstance(step, Probe) and _key(step) == key
    )
    return all(not mismatch(probe.expected, value, rtol=1e-5, atol=1e-6) for value in found)


def _key(probe: Probe) -> tuple[Request, bytes]:
    return probe.request, wire.encode(dict(probe.inputs), array_from)
