"""Arrays keep dtype, shape and values both ways, whatever a check did to them in between."""

from typing import Any

import numpy as np
import pytest

from autograde.sandbox import wire
from autograde.sandbox.arrays import Tensor, array_from, numpy_from

DTYPES = sorted(wire.ITEM_SIZES)
ONE = b"\x80\x3f"  # 1.0 as a bfloat16


def sent(value: Any) -> Any:
    """Return a probe's input as it comes out of the wire at the other end."""
    return wire.decode(wire.encode(value, array_from))


def received(value: Any) -> Any:
    """Return a probe's input as it would come back unchanged."""
    return wire.decode(wire.encode(value, array_from), numpy_from)


@pytest.mark.parametrize("dtype", [dtype for dtype in DTYPES if dtype != "bfloat16"])
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 0, 3), (2, 3)])
def test_an_input_comes_back_with_its_dtype_shape_and_values(dtype: str, shape: tuple[int, ...]) -> None:
    array = np.arange(np.prod(shape, dtype=int)).reshape(shape).astype(dtype)
    back = received(array)
    assert isinstance(back, Tensor)
    assert (back.dtype, back.shape, back.torch_dtype) == (array.dtype, shape, dtype)
    assert np.array_equal(back, array)


def test_a_numpy_scalar_is_sent_as_a_tensor_without_dimensions() -> None:
    assert sent(np.float32(1)) == wire.Array("tensor", "float32", (), b"\0\0\x80\x3f")


@pytest.mark.parametrize(
    "array", [np.arange(6.0).reshape(2, 3).T, np.arange(6.0)[::-2], np.arange(3, dtype=">i4")]
)
def test_the_layout_in_memory_does_not_matter(array: np.ndarray[Any, Any]) -> None:
    assert np.array_equal(received(array), array)


def test_bfloat16_arrives_as_float32_and_leaves_as_bfloat16_again() -> None:
    array = wire.Array("tensor", "bfloat16", (2,), ONE + b"\x20\xc0")
    there = numpy_from(array)
    assert there.dtype == np.float32
    assert there.tolist() == [1.0, -2.5]
    assert sent(there) == array


@pytest.mark.parametrize(
    ("value", "rounded"),
    [
        (1 + 2**-9, 1.0),
        (1 + 3 * 2**-9, 1 + 2**-7),
        (1 + 2**-8, 1.0),
        (1 + 3 * 2**-8, 1 + 2**-6),
        (np.inf, np.inf),
    ],
)
def test_what_is_computed_with_bfloat16_is_rounded_to_it(value: float, rounded: float) -> None:
    one = numpy_from(wire.Array("tensor", "bfloat16", (1,), ONE))
    assert received(one * np.float32(value)).tolist() == [rounded]


def test_not_a_number_stays_so_in_bfloat16() -> None:
    one = numpy_from(wire.Array("tensor", "bfloat16", (1,), ONE))
    assert np.isnan(received(one * np.float32("nan"))).all()
    odd = np.array([0x7FFFFFFF], "<u4").view("<f4")
    assert np.isnan(received(one * 0 + odd)).all()


@pytest.mark.parametrize(
    ("change", "dtype"),
    [
        (lambda tensor: tensor > 0, "bool"),
        (lambda tensor: tensor.astype(np.float64), "float64"),
        (lambda tensor: tensor.astype(np.int64), "int64"),
        (lambda tensor: tensor.argsort(), "int64"),
        (lambda tensor: tensor.sum(), "float32"),
        (lambda tensor: tensor[:1], "float32"),
    ],
)
def test_what_a_check_computes_from_a_tensor_has_the_dtype_it_has(change: Any, dtype: str) -> None:
    tensor = numpy_from(wire.Array("tensor", "float32", (2,), np.array([1, 2], "<f4").tobytes()))
    back = received(change(tensor))
    assert back.torch_dtype == dtype
    assert np.array_equal(back, change(tensor))


@pytest.mark.parametrize(
    "value", [object(), np.array([object()]), np.array(["text"]), np.datetime64("2026-01-01"), len]
)
def test_an_input_that_is_no_data_is_the_author_s_mistake(value: Any) -> None:
    with pytest.raises(TypeError, match="a probe's input cannot be"):
        received(value)
