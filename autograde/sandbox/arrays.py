"""Arrays at the grader's end of the wire: tensors arrive as numpy arrays, numpy inputs leave as tensors."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograde.sandbox import wire


class Tensor(np.ndarray[Any, Any]):
    """A numpy array that was a torch tensor of `torch_dtype` in the student's process."""

    torch_dtype: str = ""

    def __array_finalize__(self, other: Any) -> None:
        self.torch_dtype = getattr(other, "torch_dtype", "")


def numpy_from(array: wire.Array) -> np.ndarray[Any, Any]:
    """Build the numpy array that an array from the student's process arrives as; bfloat16 becomes float32."""
    if array.dtype == "bfloat16":
        plain = (np.frombuffer(array.raw, "<u2").astype("<u4") << 16).view("<f4")
    else:
        plain = np.frombuffer(array.raw, np.dtype(array.dtype).newbyteorder("<"))
    shaped = plain.reshape(array.shape)
    if array.kind != "tensor":
        return shaped
    tensor = shaped.view(Tensor)
    tensor.torch_dtype = array.dtype
    return tensor


def array_from(value: Any) -> wire.Array | wire.Opaque:
    """Turn an input's numpy array into what the wire carries; it arrives as a tensor."""
    if isinstance(value, np.generic):
        value = np.asarray(value)
    if isinstance(value, np.ndarray) and value.dtype.name in wire.ITEM_SIZES:
        little = np.asarray(value).astype(value.dtype.newbyteorder("<"), copy=False)
        return wire.Array(
            "tensor", getattr(value, "torch_dtype", "") or value.dtype.name, value.shape, little.tobytes()
        )
    raise TypeError(f"a probe's input cannot be a {type(value).__name__}: send plain data or numpy arrays")
