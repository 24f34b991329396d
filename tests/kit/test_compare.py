"""A student's value agrees with the reference's or does not, and what is said of it gives nothing away."""

import math
import time
import tracemalloc
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograde.checks.compare import kind_of, mismatch
from autograde.sandbox.arrays import numpy_from
from autograde.sandbox.wire import Array, Opaque

nan, inf = math.nan, math.inf


def array(values: Any, dtype: str = "float32") -> Any:
    """Return a numpy array as it comes from the student's process."""
    plain = np.array(values, dtype)
    return numpy_from(Array("array", dtype, plain.shape, plain.tobytes()))


def tensor(values: Any, dtype: str = "float32") -> Any:
    """Return a tensor as it comes from the student's process."""
    plain = np.array(values, dtype)
    return numpy_from(Array("tensor", dtype, plain.shape, plain.tobytes()))


def half(values: Any) -> Any:
    """Return a tensor of dtype bfloat16 as it comes from the student's process."""
    plain = np.array(values, "<f4")
    raw = (plain.view("<u4") >> 16).astype("<u2").tobytes()
    return numpy_from(Array("tensor", "bfloat16", plain.shape, raw))


def nested(levels: int, innermost: Any) -> Any:
    """Return a value in a list in a list in a list."""
    for _ in range(levels):
        innermost = [innermost]
    return innermost


def wrong(expected: Any, actual: Any) -> str:
    """Compare as `agree` does when its check says nothing of tolerances."""
    return mismatch(expected, actual, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        (3, 3),
        (3, 3.0),
        (3.0, 3),
        (2**500, 2**500),
        (2.0**500, 2**500),
        (0.1, 0.1 + 1e-7),
        (1e6, 1e6 + 5),
        (1e308, 1e308),
        (5e-324, 0.0),
        (-0.0, 0.0),
        (0, -0.0),
        (nan, nan),
        (inf, inf),
        (-inf, -inf),
        (1 + 2j, 1 + 2j),
        (complex(nan, 1), complex(nan, 1)),
        (True, True),
        (None, None),
        ("text", "text"),
        (b"text", b"text"),
        ([], []),
        ([1, [2.0, "a"]], [1, [2, "a"]]),
        ((1, 2), (1, 2)),
        ({}, {}),
        ({"a": 1, "b": 2}, {"b": 2.0, "a": 1}),
        ({1: "a", (1, True): "b"}, {1.0: "a", (1, True): "b"}),
        (set(), set()),
        ({1, "a"}, {"a", 1}),
        (tensor([1.0, 2.0]), tensor([1.0, 2.000001])),
        (tensor([nan, inf, -inf, 1.0]), tensor([nan, inf, -inf, 1.0])),
        (tensor(1.0), tensor(1.0)),
        (tensor([]), tensor([])),
        (tensor([[], []]), tensor([[], []])),
        (half([1.0, nan]), half([1.0, nan])),
        (tensor([1, 2], "int64"), tensor([1, 2], "int64")),
        (tensor([True], "bool"), tensor([True], "bool")),
        (tensor([1j], "complex64"), tensor([1j], "complex64")),
        (array([1.0]), array([1.0])),
    ],
)
def test_values_that_agree(expected: Any, actual: Any) -> None:
    assert wrong(expected, actual) == ""


@pytest.mark.parametrize(
    ("expected", "actual", "told"),
    [
        # kind before value: a bool is no number, a tensor is no number, and so on
        (1, True, "expected a number, got True or False (True)"),
        (True, 1, "expected True or False, got a number (1)"),
        (1, "1", "expected a number, got text ('1')"),
        (1, None, "expected a number, got None"),
        (None, 0, "expected None, got a number (0)"),
        (1.0, complex(1, 0), "expected a number, got a complex number"),
        (1.0, tensor(1.0), "expected a number, got a tensor"),
        (tensor(1.0), 1.0, "expected a tensor, got a number (1.0)"),
        (tensor([1.0]), array([1.0]), "expected a tensor, got a numpy array"),
        (array([1.0]), tensor([1.0]), "expected a numpy array, got a tensor"),
        (tensor([1.0]), [1.0], "expected a tensor, got a list"),
        ([1], (1,), "expected a list, got a tuple"),
        ((1,), [1], "expected a tuple, got a list"),
        ([1], {1}, "expected a list, got a set"),
        ("a", b"a", "expected text, got a bytes"),
        (1, Opaque("Net"), "expected a number, got an object of type Net"),
        (Opaque("Net"), Opaque("Net"), "an object of type Net cannot be compared"),
        # a count is right or wrong
        (100_000, 100_001, "100001 is not the right number"),
        (3, 3.0000001, "3.0000001 is not the right number"),
        (2**500, 2**500 + 1, "is not the right number"),
        (0, nan, "nan is not the right number"),
        (0, inf, "inf is not the right number"),
        # numbers that are not finite
        (0.5, nan, "nan is not a finite number"),
        (0.5, inf, "inf is not a finite number"),
        (1j, complex(0, nan), "is not a finite number"),
        (inf, 3.0, "3.0 is not the right number"),
        (inf, -inf, "-inf is not the right number"),
        (-inf, 3, "3 is not the right number"),
        (inf, nan, "nan is not the right number"),
        (nan, 1.0, "1.0 is not the right number"),
        (complex(inf, 0), 1 + 0j, "(1+0j) is not the right number"),
        (1e308, -1e308, "-1e+308 is not the right number"),
        (1e308, 2**500, "is not the right number"),
        (0.5, 2**500, "is not the right number"),
        # tolerance
        (0.1, 0.1001, "0.1001 is not the right number"),
        (1e6, 1e6 + 50, "1000050.0 is not the right number"),
        (0.0, 1e-5, "1e-05 is not the right number"),
        ("text", "Text", "'Text' is not right"),
        (b"a", b"b", "b'b' is not right"),
        (True, False, "False is not right"),
        # sequences
        ([1, 2], [1], "1 is not the right number of items"),
        ([1], [], "0 is not the right number of items"),
        ([], [1], "1 is not the right number of items"),
        ([1, [2, 3]], [1, [2, 4]], "at [1][1]: 4 is not the right number"),
        ([1, 1], [1, True], "at [1]: expected a number, got True or False (True)"),
        # dicts and sets
        ({"a": 1}, {"a": 2}, "at ['a']: 2 is not the right number"),
        ({"a": 1}, {}, "the keys are not right: some are missing"),
        ({}, {"a": 1}, "the keys are not right: 'a' does not belong there"),
        ({"a": 1}, {"b": 1}, "the keys are not right: 'b' does not belong there"),
        ({1: "a"}, {True: "a"}, "the keys are not right: True does not belong there"),
        ({(0, 1): "a"}, {(False, 1): "a"}, "the keys are not right: (False, 1) does not belong there"),
        ({"a": {"b": 1}}, {"a": {"b": nan}}, "at ['a']['b']: nan is not the right number"),
        ({1.0: 1}, {nan: 1}, "the keys are not right: nan does not belong there"),
        ({1, 2}, {1, 3}, "{1, 3} is not right"),
        ({1, 2}, {True, 2}, "{True, 2} is not right"),
        ({1}, set(), "set() is not right"),
        # dtype
        (tensor([1.0]), tensor([1.0], "float64"), "expected dtype float32, got float64"),
        (tensor([1.0]), half([1.0]), "expected dtype float32, got bfloat16"),
        (half([1.0]), tensor([1.0]), "expected dtype bfloat16, got float32"),
        (tensor([1], "int64"), tensor([True], "bool"), "expected dtype int64, got bool"),
        (tensor([1], "int64"), tensor([1.0]), "expected dtype int64, got float32"),
        # shapes that broadcast, and empty ones
        (tensor([0.0] * 5), tensor([0.0]), "the shape (1,) is not right"),
        (tensor([0.0] * 5), tensor(0.0), "the shape () is not right"),
        (tensor(3.0), tensor([]), "the shape (0,) is not right"),
        (tensor([1.0, 2.0, 3.0]), tensor(np.empty((0, 1))), "the shape (0, 1) is not right"),
        (tensor([[0.0]]), tensor([0.0]), "the shape (1,) is not right"),
        (tensor([1.0, 2.0]), tensor([[1.0], [2.0]]), "the shape (2, 1) is not right"),
        # values of arrays
        (tensor([1.0, 2.0]), tensor([1.0, nan]), "some values are not finite"),
        (tensor([1.0, 2.0]), tensor([1.0, inf]), "some values are not finite"),
        (tensor([1.0, 2.0]), tensor([1.0, 2.001]), "the values are not right"),
        (tensor([inf, 1.0]), tensor([3.0, 1.0]), "the values are not right"),
        (tensor([-inf, 1.0]), tensor([inf, 1.0]), "the values are not right"),
        (tensor([nan, 1.0]), tensor([0.0, 1.0]), "the values are not right"),
        (tensor([nan, 1.0]), tensor([nan, nan]), "the values are not right"),
        (tensor([2**40], "int64"), tensor([2**40 + 1], "int64"), "the values are not right"),
        (tensor([True], "bool"), tensor([False], "bool"), "the values are not right"),
        (tensor([1j], "complex64"), tensor([-1j], "complex64"), "the values are not right"),
        (tensor([0.5], "float16"), tensor([0.0], "float16"), "the values are not right"),
        ([tensor([1.0])], [tensor([2.0])], "at [0]: the values are not right"),
    ],
)
def test_values_that_do_not_agree(expected: Any, actual: Any, told: str) -> None:
    assert told in wrong(expected, actual)


@pytest.mark.parametrize("constant", [0.0, 1.0, 0.5, -1.0, 1e-3])
def test_a_constant_does_not_agree_with_small_values(constant: float) -> None:
    values = np.linspace(0.2, 0.8, 7)
    assert wrong(tensor(values), tensor(np.full(7, constant)))
    assert wrong(tensor(values), tensor(np.full(7, values.mean())))


def test_tolerances_are_the_check_s_and_measured_from_the_expected_value() -> None:
    assert not mismatch(100.0, 109.0, rtol=0.1, atol=0)
    assert mismatch(100.0, 110.5, rtol=0.1, atol=0)  # 10 % of the student's value would be enough
    assert not mismatch(0.0, 0.5, rtol=0, atol=0.5)
    assert mismatch(0.0, 0.5, rtol=0.5, atol=0.4)
    assert not mismatch(tensor([100.0]), tensor([109.0]), rtol=0.1, atol=0)
    assert mismatch(tensor([100.0]), tensor([110.5]), rtol=0.1, atol=0)


def test_where_the_fault_lies_is_told_in_few_words() -> None:
    deep: Any = 1
    for _ in range(40):
        deep = {"a long name of a key": deep}
    assert len(wrong(deep, eval(repr(deep).replace("1}", "2}")))) < 150


def test_a_long_value_is_told_in_few_words() -> None:
    assert len(wrong("short", "x" * 10_000)) < 100
    assert len(wrong({}, {"x" * 10_000: 1})) < 150
    assert len(wrong(0, 2**511 - 1)) < 150


SECRETS = ["98765", "SECRET", "9.8765", "6789"]


@pytest.mark.parametrize(
    "expected",
    [
        98765,
        9.8765,
        98765 + 6789j,
        "SECRET",
        b"SECRET",
        [1, 98765],
        (1, "SECRET"),
        [None] * 6789,
        {"SECRET": 1},
        {"a": 98765, 98765: "a"},
        {98765},
        {"a": {"b": ["SECRET"]}},
        tensor([9.8765]),
        tensor([98765], "int64"),
        tensor(np.zeros((6789, 1))),
        array([9.8765]),
        {"a": tensor([9.8765, 1])},
    ],
    ids=kind_of,
)
@pytest.mark.parametrize(
    "actual",
    [
        *(
            None,
            True,
            1,
            1.5,
            nan,
            inf,
            1j,
            "a",
            b"a",
            [],
            [1, 2],
            (1, "a"),
            {},
            {"a": 1, 1: "a"},
            {"b": 2},
            {1},
        ),
        *({"a": {"b": [1]}}, {"a": {"b": ["a"]}}, {"a": tensor([1.0, 2.0])}, Opaque("Net")),
        *(tensor([1.0]), tensor([nan]), tensor([1], "int64"), array([1.0]), tensor([])),
    ],
    ids=kind_of,
)
def test_no_message_gives_the_expected_value_away(expected: Any, actual: Any) -> None:
    told = wrong(expected, actual)
    assert told
    assert not [secret for secret in SECRETS if secret in told]


@pytest.mark.parametrize(
    ("actual", "told"),
    [
        (10**10_000, "a whole number of 33220 bits is not the right number"),
        (-(10**150), "-1000"),
        ([7] * 499_998 + [8], "at [499998]: 8 is not the right number"),
        ("\U000e0001" * 2**22, "'\\U000e0001"),
        (bytes(2**26), "b'\\x00"),
        ({(number, "a" * number) for number in range(5_000)}, "{(0, ''), (1, 'a'), (2, 'aa')"),
        ({bytes(2**26), 1}, "{1, b'\\x00"),
        ({("a" * 2**22,): 1}, "the keys are not right: ('aaa"),
        (nested(63, 8), "at [0][0][0]"),
    ],
    ids=lambda case: case if isinstance(case, str) else "",
)
def test_of_an_enormous_value_little_is_told_in_little_time(actual: Any, told: str) -> None:
    expected = {int: 7, list: [7] * 499_999, str: "a", bytes: b"a", set: {1}, dict: {}}[type(actual)]
    if isinstance(actual, list) and len(actual) == 1:
        expected = nested(63, 7)
    tracemalloc.start()
    try:
        start = time.process_time()
        found = wrong(expected, actual)
        assert time.process_time() - start < 10
        assert tracemalloc.get_traced_memory()[1] < 2**22
    finally:
        tracemalloc.stop()
    assert found.startswith(told)
    assert len(found) < 300


def test_a_set_is_told_in_one_order() -> None:
    told = wrong({1}, {"b", "a", "c", "d", "e"})
    assert told == "{'a', 'b', 'c', 'd', 'e'} is not right"
    assert wrong({1}, {"b", 2, (1,), None}) == "{'b', (1,), 2, None} is not right"


plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from([tensor([1.0]), array([2])]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@settings(deadline=None)
@given(plain, plain)
def test_whatever_is_compared_the_answer_is_a_short_text(expected: Any, actual: Any) -> None:
    assert len(wrong(expected, actual)) < 300
    assert wrong(expected, expected) == ""
