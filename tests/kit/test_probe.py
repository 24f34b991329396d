"""A probe is sent with all it needs and nothing more, or its author is told what is wrong with it."""

import contextlib
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograde.checks import compare, figures
from autograde.checks.compare import kind_of
from autograde.checks.figures import series_of, shows
from autograde.checks.figures import shows as displays
from autograde.checks.probe import ProbeError, request_for
from autograde.sandbox.answers import Request

SIZE = 3
SIZES = {"small": (SIZE, 1), "large": [10, {20}]}
UNUSED = "a constant of the check alone"
EMPTY: set[int] = set()
OBJECT = object()
LIMIT = math.inf


def twice(number: int) -> int:
    """Return the double: text for the author."""
    return 2 * number


double = twice


def four_times(number: int, by: int = SIZE - 1) -> int:
    return twice(number) * by


def is_even(number: int) -> bool:
    return number == 0 or is_odd(number - 1)


def is_odd(number: int) -> bool:
    return number != 0 and is_even(number - 1)


def _box(patch: Any) -> Any:
    return series_of(patch)


def unused() -> str:
    return "a helper of the check alone"


def closing(number: int) -> Callable[[], int]:
    def inner() -> int:
        return number

    return inner


closed = closing(1)


def square(number: int) -> int:
    return number * number


cube = lambda number: number**3  # noqa: E731


def answer(probe: Callable[..., Any], *arguments: Any, **inputs: Any) -> Any:
    """Send a probe and run what was sent, as the student's process does: with nothing around it."""
    request = request_for(probe, inputs)
    space: dict[str, Any] = {"__name__": "probe"}
    exec(compile(request.source, "<probe>", "exec"), space)
    return space[request.name](**dict(zip(request.names, arguments, strict=True)), **inputs)


def test_a_probe_asks_for_the_names_that_are_not_its_inputs() -> None:
    def probe(network, x, *, count):
        return network(x, count)

    source = "def probe(network, x, *, count):\n    return network(x, count)"
    assert request_for(probe, {"x": 1}) == Request("probe", source, ("network", "count"))


def test_a_probe_without_arguments_asks_for_nothing() -> None:
    def probe():
        return 1

    assert request_for(probe, {}).names == ()


def test_decorators_annotations_docstrings_and_comments_stay_with_the_author() -> None:
    def probe(network: Callable[[int], int], size: "a hint" = 3) -> "np.ndarray[Any, Any]":  # type: ignore # noqa
        """Frozen layers do not count."""

        # The trick is here.
        class Model:
            """A model that tempts."""

        def inner(x: "a hint") -> "a hint":  # type: ignore # noqa
            """Only this."""

        return inner(network(size)), Model

    source = request_for(probe, {}).source
    assert source == (
        "def probe(network, size=3):\n\n"
        "    class Model:\n        pass\n\n"
        "    def inner(x):\n        pass\n"
        "    return (inner(network(size)), Model)"
    )


def test_helpers_and_constants_of_the_file_go_along_and_only_those_in_use() -> None:
    def probe(start):
        return [four_times(start), SIZES, EMPTY]

    assert answer(probe, 5) == [20, {"small": (3, 1), "large": [10, {20}]}, set()]
    source = request_for(probe, {}).source
    assert source.index("SIZE = 3") < source.index("def four_times") < source.index("def probe")
    assert source.count("def twice") == 1
    assert "author" not in source
    assert "UNUSED" not in source
    assert "alone" not in source


def test_constants_used_deep_inside_go_along() -> None:
    def probe(items):
        def inner():
            return [SIZE * item for item in items] + [(lambda: twice(item))() for item in items]

        class Model:
            size = SIZE
            double = size * 2

            def forward(self):
                return four_times(self.double)

        return inner(), Model().forward(), Model.__name__

    assert answer(probe, [1, 2]) == ([3, 6, 2, 4], 24, "Model")


def test_a_constant_in_a_default_goes_along() -> None:
    def probe(start, *, by=SIZE, more=(SIZE, twice)):
        return start * by + more[1](more[0])

    request = request_for(probe, {})
    space: dict[str, Any] = {}
    exec(request.source, space)
    assert space["probe"](2) == 12


def test_helpers_may_use_each_other() -> None:
    def probe(number):
        return is_even(number)

    assert answer(probe, 7) is False


def test_a_probe_at_the_top_of_its_file_is_sent_like_any_other() -> None:
    assert answer(four_times, 5, 2) == 20


def test_a_probe_may_import_inside_and_use_builtins() -> None:
    def probe(numbers):
        import math

        with contextlib_suppress():
            raise ValueError
        return math.prod(sorted(numbers)), __name__, isinstance(3, int)

    def contextlib_suppress():
        raise NotImplementedError

    with pytest.raises(ProbeError, match="uses contextlib_suppress from around it"):
        request_for(probe, {})

    def other(numbers):
        import math

        try:
            raise ValueError
        except ValueError:
            return math.prod(sorted(numbers)), __name__, isinstance(3, int)

    assert answer(other, [2, 3]) == (6, "probe", True)


def test_nothing_of_the_file_s_own_name_is_sent() -> None:
    def probe():
        class Model:
            name: int = 1

        return Model.__module__, __name__

    assert answer(probe) == ("probe", "probe")
    assert Path(__file__).stem not in request_for(probe, {}).source


def test_functions_for_figures_go_along_with_all_they_use_of_their_own_module() -> None:
    def probe(values):
        one = {"kind": "line", "x": values, "y": values}
        return [shows([one], [3, 4]), displays([one], [3, 5]), shows is displays]

    request = request_for(probe, {"values": [1]})
    assert "def _starts" in request.source
    assert f"MOST_BETWEEN = {figures.MOST_BETWEEN}" in request.source
    assert '"""' not in request.source
    assert answer(probe, values=[1, 2, 3, 4]) == [True, False, True]


def test_functions_of_other_modules_do_not_go_along() -> None:
    def probe(value):
        return kind_of(value)

    with pytest.raises(ProbeError, match="uses kind_of, a function that cannot be sent"):
        request_for(probe, {})

    def other(value):
        return compare.mismatch(value, value, rtol=0, atol=0)

    with pytest.raises(ProbeError, match="uses compare, a module that cannot be sent"):
        request_for(other, {})


def test_two_things_of_the_same_name_are_refused() -> None:
    def probe(ax):
        return _box(ax)

    with pytest.raises(ProbeError, match="sent with two things called _box: rename one of them"):
        request_for(probe, {})


def test_a_helper_may_have_a_second_name() -> None:
    def probe():
        return [double(3), twice(4)]

    assert answer(probe) == [6, 8]


def test_a_probe_that_closes_over_a_variable_is_refused_with_the_remedy() -> None:
    size = 3

    def probe(network):
        return network(size)

    with pytest.raises(
        ProbeError, match=r"probe \(.*test_probe.py, line \d+\) uses size from around it: pass that"
    ):
        request_for(probe, {})


@pytest.mark.parametrize("probe", [lambda: 1, cube])
def test_a_lambda_is_refused(probe: Callable[..., Any]) -> None:
    with pytest.raises(ProbeError, match="must be a `def`"):
        request_for(probe, {})


@pytest.mark.parametrize("probe", [len, math.sqrt, "probe", np.sum, dict, "".join])
def test_only_plain_functions_are_sent(probe: Any) -> None:
    with pytest.raises(ProbeError, match="must be a plain function"):
        request_for(probe, {})


def test_an_async_probe_is_refused() -> None:
    async def probe():
        return 1

    with pytest.raises(ProbeError, match="must be a `def`"):
        request_for(probe, {})


def uses_module() -> Any:
    return np.zeros(3)


def uses_object() -> Any:
    return OBJECT


def uses_infinity() -> Any:
    return LIMIT


def uses_closure() -> Any:
    return closed()


def uses_lambda() -> Any:
    return cube(3)


def uses_foreign_function() -> Any:
    return contextlib.suppress(Exception)


def uses_class() -> Any:
    return Path("x")


def uses_nothing_known() -> Any:
    return undefined_name  # type: ignore[name-defined] # noqa: F821


@pytest.mark.parametrize(
    ("probe", "reason"),
    [
        (uses_module, "uses np, a module that cannot be sent: import or build it inside"),
        (uses_object, "uses OBJECT, a object that cannot be sent"),
        (uses_infinity, "uses LIMIT, a float that cannot be sent"),
        (uses_closure, "uses number from around it"),
        (uses_lambda, "<lambda> must be a `def`"),
        (uses_foreign_function, "uses contextlib, a module that cannot be sent"),
        (uses_class, "uses Path, a type that cannot be sent"),
        (uses_nothing_known, "uses undefined_name, which is defined nowhere: import it inside"),
    ],
)
def test_what_cannot_be_sent_is_named(probe: Callable[..., Any], reason: str) -> None:
    with pytest.raises(ProbeError, match=reason):
        request_for(probe, {})


def test_a_helper_s_fault_is_the_helper_s() -> None:
    def probe():
        return uses_module()

    with pytest.raises(ProbeError, match="probe uses_module "):
        request_for(probe, {})


def test_an_input_that_the_probe_does_not_take_is_refused() -> None:
    def probe(network, x):
        return network(x)

    with pytest.raises(ProbeError, match="probe has no argument 'y'"):
        request_for(probe, {"x": 1, "y": 2})


TEXT = """
SIZE = {size}

def helper():
    return {size}

def make():
    def probe():
        return SIZE, helper()
    return probe
"""


@pytest.fixture
def load(tmp_path: Path) -> Callable[[int], Any]:
    """`load(size)`: a check file's functions, loaded from a file of its own."""

    def run(size: int) -> Any:
        path = tmp_path / f"test_{size}.py"
        path.write_text(TEXT.format(size=size), "utf-8")
        space: dict[str, Any] = {"__name__": path.stem}
        exec(compile(path.read_text("utf-8"), str(path), "exec"), space)
        return space["make"]

    return run


def test_the_same_text_in_two_files_goes_with_what_each_file_says(load: Callable[[int], Any]) -> None:
    assert answer(load(1)()) == (1, 1)
    assert answer(load(2)()) == (2, 2)


def test_a_probe_made_anew_in_each_run_of_its_check_is_prepared_once(
    load: Callable[[int], Any], tmp_path: Path
) -> None:
    make = load(3)
    first = request_for(make(), {})
    (tmp_path / "test_3.py").unlink()  # its source cannot be read a second time
    assert request_for(make(), {}) == first
