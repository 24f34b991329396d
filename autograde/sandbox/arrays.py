"""Arrays at the grader's end of the wire: tensors arrive as numpy arrays, numpy inputs leave as tensors."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograde.sandbox import wire


class Tensor(np.ndarray[Any, Any]):
    """A numpy array that was a torch tensor in the student's process, or was computed from one."""

    _bfloat16 = False

    @property
    def torch_dtype(self) -> str:
        """The dtype as torch calls it."""
        return "bfloat16" if self._bfloat16 and self.dtype == np.float32 else self.dtype.name

    def __array_finalize__(self, other: Any) -> None:
        self._bfloat16 = getattr(other, "_bfloat16", False)


def numpy_from(array: wire.Array) -> np.ndarray[Any, Any]:
    """Build the numpy array that an array from the student's process arrives as; bfloat16 becomes float32."""
    if array.dtype == "bfloat16":
        halves = np.frombuffer(array.raw, "<u2")
        plain = np.zeros(halves.size, "<f4")
        plain.view("<u2")[1::2] = halves  # in place: no more memory than the result
    else:
        plain = np.frombuffer(array.raw, np.dtype(array.dtype).newbyteorder("<"))
    shaped = plain.reshape(array.shape)
    if array.kind != "tensor":
        return shaped
    tensor = shaped.view(Tensor)
    tensor._bfloat16 = array.dtype == "bfloat16"
    return tensor


def array_from(value: Any) -> wire.Array:
    """Turn an input's numpy array into what the wire carries; it arrives as a tensor.

    Raises:
        TypeError: it is no numpy array, or one of a dtype that torch does not have.

    """
    if not isinstance(value, np.ndarray | np.generic) or value.dtype.name not in wire.ITEM_SIZES:
        raise TypeError(f"a probe's input cannot be {_named(value)}: send plain data or numpy arrays")
    if isinstance(value, Tensor) and value.torch_dtype == "bfloat16":
        return wire.Array("tensor", "bfloat16", value.shape, _rounded(np.asarray(value)).tobytes())
    little = np.asarray(value).astype(value.dtype.newbyteorder("<"), copy=False)
    return wire.Array("tensor", value.dtype.name, value.shape, little.tobytes())


def _rounded(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return the upper halves of float32 numbers, rounded to the nearest and half to even: bfloat16."""
    bits = np.ascontiguousarray(array, "<f4").view("<u4")
    rounded = (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16
    return np.where(np.isnan(array), 0x7FC0, rounded).astype("<u2")


def _named(value: Any) -> str:
    if isinstance(value, np.ndarray | np.generic):
        return f"of dtype {value.dtype.name}"
    return f"a {type(value).__name__}"
