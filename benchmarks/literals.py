"""Inputs and findings of probes, written down as Python."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from benchmarks.measuring import BenchmarkError


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
