"""Strict comparison of a student's value with the reference's, told without giving the latter away.

The order is always: type, dtype, shape, finiteness, then `error <= tolerance` with the expected value on the
left. Empty arrays, NaN, shapes that broadcast and bools for numbers have all passed looser comparisons.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from autograde.sandbox.arrays import Tensor
from autograde.sandbox.wire import Opaque

_LONGEST = 60
_MOST_BITS = 10_000  # Python refuses to write much longer whole numbers, and takes its time


def mismatch(expected: Any, actual: Any, *, rtol: float, atol: float, where: str = "") -> str:
    """Return "" when `actual` agrees with `expected`, else what is wrong with it, in words for the student.

    Whole and decimal numbers agree when their values do. Dicts agree whatever the order of their keys.
    """
    wrong_kind = kind_of(actual) != kind_of(expected)
    if wrong_kind:
        return f"{_at(where)}expected {kind_of(expected)}, got {kind_of(actual)}{_shown(actual)}"
    match expected:
        case Opaque():
            return f"{_at(where)}{kind_of(actual)} cannot be compared"
        case np.ndarray():
            return _array_mismatch(expected, actual, rtol, atol, where)
        case dict():
            return _dict_mismatch(expected, actual, rtol, atol, where)
        case list() | tuple():
            return _sequence_mismatch(expected, actual, rtol, atol, where)
        case int() | float() | complex() if not isinstance(expected, bool):
            return _number_mismatch(expected, actual, rtol, atol, where)
        case set():
            same = set(map(_told_apart, expected)) == set(map(_told_apart, actual))
            return "" if same else f"{_at(where)}{_short(actual)} is not right"
        case _:
            return "" if expected == actual else f"{_at(where)}{_short(actual)} is not right"


def kind_of(value: Any) -> str:
    """Return what a student calls a value's type."""
    match value:
        case None:
            return "None"
        case bool():
            return "True or False"
        case int() | float():
            return "a number"
        case complex():
            return "a complex number"
        case str():
            return "text"
        case Tensor():
            return "a tensor"
        case np.ndarray():
            return "a numpy array"
        case Opaque():
            return f"an object of type {value.type_name}"
        case _:
            return f"a {type(value).__name__}"


def _number_mismatch(expected: complex, actual: complex, rtol: float, atol: float, where: str) -> str:
    if isinstance(expected, int):  # a count is right or wrong, however large
        return "" if expected == actual else f"{_at(where)}{_short(actual)} is not the right number"
    if not _finite(actual) and _finite(expected):
        return f"{_at(where)}{actual!r} is not a finite number"
    try:
        # Whatever is infinitely far from infinity is within its share of infinity.
        close = _finite(expected) and abs(expected - actual) <= atol + rtol * abs(expected)
    except OverflowError:
        close = False
    same = close or expected == actual or (_is_nan(expected) and _is_nan(actual))
    return "" if same else f"{_at(where)}{_short(actual)} is not the right number"


def _finite(value: complex) -> bool:
    try:
        return math.isfinite(value.real) and math.isfinite(value.imag)
    except OverflowError:  # an int too large for a float is finite all the same
        return True


def _is_nan(value: complex) -> bool:
    return value != value


def _array_mismatch(expected: Any, actual: Any, rtol: float, atol: float, where: str) -> str:
    wanted, found = _dtype(expected), _dtype(actual)
    if wanted != found:
        return f"{_at(where)}expected dtype {wanted}, got {found}"
    if expected.shape != actual.shape:
        return f"{_at(where)}the shape {actual.shape} is not right"
    if expected.dtype.kind not in "fc":
        same = bool((np.asarray(expected) == np.asarray(actual)).all())
        return "" if same else f"{_at(where)}the values are not right"
    left, right = (np.asarray(side).astype(np.complex128) for side in (expected, actual))
    if np.isfinite(left).all() and not np.isfinite(right).all():
        return f"{_at(where)}some values are not finite"
    with np.errstate(invalid="ignore", over="ignore"):
        close = np.isfinite(left) & (np.abs(left - right) <= atol + rtol * np.abs(left))
    close |= (left == right) | (np.isnan(left) & np.isnan(right))
    return "" if close.all() else f"{_at(where)}the values are not right"


def _dtype(array: Any) -> str:
    return getattr(array, "torch_dtype", "") or str(array.dtype.name)


def _dict_mismatch(
    expected: dict[Any, Any], actual: dict[Any, Any], rtol: float, atol: float, where: str
) -> str:
    wanted, found = set(map(_told_apart, expected)), set(map(_told_apart, actual))
    surplus = [key for key in actual if _told_apart(key) not in wanted]
    if wanted != found:
        some = f"{_short(surplus[0])} does not belong there" if surplus else "some are missing"
        return f"{_at(where)}the keys are not right: {some}"
    wrong = (
        mismatch(expected[key], actual[key], rtol=rtol, atol=atol, where=f"{where}[{_short(key)}]")
        for key in expected
    )
    return next(filter(None, wrong), "")


def _told_apart(key: Any) -> Any:
    """Return a key so that True differs from 1, which is the same key of a dict."""
    return tuple(map(_told_apart, key)) if isinstance(key, tuple) else (isinstance(key, bool), key)


def _sequence_mismatch(
    expected: Sequence[Any], actual: Sequence[Any], rtol: float, atol: float, where: str
) -> str:
    if len(expected) != len(actual):
        return f"{_at(where)}{len(actual)} is not the right number of items"
    pairs = enumerate(zip(expected, actual, strict=True))
    found = (
        mismatch(left, right, rtol=rtol, atol=atol, where=f"{where}[{at}]") for at, (left, right) in pairs
    )
    return next(filter(None, found), "")


def _at(where: str) -> str:
    return f"at {where[:_LONGEST]}: " if where else ""


def _shown(value: Any) -> str:
    plain = isinstance(value, bool | int | float | str)
    return f" ({_short(value)})" if plain else ""


def _short(value: Any) -> str:
    text = _beginning(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."


def _beginning(value: Any) -> str:
    """Return a value's text as far as it may be shown: the whole of it can be far larger than the value."""
    match value:
        case int() if value.bit_length() > _MOST_BITS:
            return f"a whole number of {value.bit_length()} bits"
        case str() | bytes():
            return repr(value[:_LONGEST])
        case tuple():
            inside = ", ".join(map(_beginning, value[:_LONGEST]))
            return f"({inside},)" if len(value) == 1 else f"({inside})"
        case set() if value:
            return "{" + ", ".join(map(_beginning, _in_order(value)[:_LONGEST])) + "}"
        case _:
            return repr(value)


def _in_order(values: set[Any]) -> list[Any]:
    """Return a set's values in an order that is the same in each run."""
    try:
        return sorted(values)
    except TypeError:  # of several types
        return sorted(values, key=_beginning)
