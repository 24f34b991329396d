"""Plain data crosses the wire exactly, and hostile bytes raise `WireError` and nothing else."""

import contextlib
import math
import struct
import tracemalloc
from collections import OrderedDict, namedtuple
from collections.abc import Callable, Iterator
from enum import IntEnum
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from autograde.sandbox import wire
from autograde.sandbox.arrays import numpy_from
from autograde.sandbox.wire import Array, Opaque, WireError, decode, encode

LARGEST = 2 ** (8 * wire.MAX_INT_BYTES - 1) - 1
P = 2**61 - 1  # whole numbers that differ by a multiple of it have the same hash

relaxed = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-LARGEST, LARGEST)
    | st.floats()
    | st.complex_numbers()
    | st.text()
    | st.binary()
)
keys = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3).map(tuple), max_leaves=4)


def containers(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Return containers of what `inner` draws."""
    lists = st.lists(inner, max_size=5)
    return lists | lists.map(tuple) | st.sets(keys, max_size=5) | st.dictionaries(keys, inner, max_size=5)


@st.composite
def arrays(draw: st.DrawFn) -> Array:
    """Arrays of every dtype: empty, of no dimension, of many."""
    dtype = draw(st.sampled_from(sorted(wire.ITEM_SIZES)))
    shape = tuple(draw(st.lists(st.integers(0, 3), max_size=4)))
    size = math.prod(shape) * wire.ITEM_SIZES[dtype]
    return Array(
        draw(st.sampled_from(["tensor", "array"])),
        dtype,
        shape,
        draw(st.binary(min_size=size, max_size=size)),
    )


values = st.recursive(scalars | arrays() | st.builds(Opaque, st.text(max_size=20)), containers, max_leaves=20)


def exactly(value: Any) -> Any:
    """Return what tells two values apart by type and by every bit, where `==` does not: -0.0, NaN, True."""
    match value:
        case float():
            return "float", struct.pack("<d", value)
        case complex():
            return "complex", struct.pack("<dd", value.real, value.imag)
        case list() | tuple():
            return type(value).__name__, [exactly(item) for item in value]
        case set() | frozenset():
            return "set", sorted((exactly(item) for item in value), key=repr)
        case dict():
            return "dict", [(exactly(key), exactly(item)) for key, item in value.items()]
        case _:
            return type(value).__name__, value


def header(size: int) -> bytes:
    """Return a size as the wire has it."""
    return struct.pack(">I", size)


@relaxed
@given(values)
@example([-0.0, math.nan, math.inf, -math.inf, 5e-324, 1.7976931348623157e308, complex(-0.0, math.nan)])
@example([LARGEST, -LARGEST, 0, -1, 127, 128, -128, -129, 255, 256, 2**63, -(2**63)])
@example({(): {}, ((), ("", b"", None)): [[], (), set()]})
@example([Array("tensor", "bfloat16", (), b"\x80\x3f"), Array("array", "float32", (0, 3), b"")])
@example({True: "bool", 2: "int", 3.5: "float", "2": "text", b"2": "bytes"})
def test_what_arrives_is_what_left(value: Any) -> None:
    assert exactly(decode(encode(value))) == exactly(value)


def test_frozen_sets_arrive_as_sets() -> None:
    assert exactly(decode(encode(frozenset({1, 2})))) == exactly({1, 2})


class LyingInt(int):
    """A whole number that says it is another one."""

    def __index__(self) -> int:
        return 42

    __int__ = __index__

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = int.__hash__


class LyingFloat(float):
    """A number that says it is another one."""

    def __float__(self) -> float:
        return 42.0


class LyingComplex(complex):
    """A complex number that says its parts are others."""

    real = property(lambda self: 42.0)  # type: ignore[assignment]
    imag = property(lambda self: 42.0)  # type: ignore[assignment]

    def __complex__(self) -> complex:
        return 42j


class LyingText(str):
    """Text that says it is another one."""

    def __str__(self) -> str:
        return "42"

    def encode(self, *args: Any, **options: Any) -> bytes:
        return b"42"


class LyingBytes(bytes):
    """Bytes that say they are others."""

    def __getitem__(self, index: Any) -> Any:
        return b"42"

    def __bytes__(self) -> bytes:
        return b"42"


class LyingList(list[Any]):
    """A list that shows other items than it has."""

    def __iter__(self) -> Iterator[Any]:
        return iter([42])

    def __len__(self) -> int:
        return 1


class LyingDict(dict[Any, Any]):
    """A dict that shows other items than it has."""

    def items(self) -> Any:
        return [("lie", 42)]

    def __iter__(self) -> Iterator[Any]:
        return iter(["lie"])


Colour = IntEnum("Colour", "RED GREEN")
Point = namedtuple("Point", "x y")


@pytest.mark.parametrize(
    ("value", "base"),
    [
        (LyingInt(7), 7),
        (LyingFloat(0.5), 0.5),
        (LyingComplex(1, 2), 1 + 2j),
        (LyingText("seven"), "seven"),
        (LyingBytes(b"seven"), b"seven"),
        (LyingList([1, 2]), [1, 2]),
        (LyingDict(a=1), {"a": 1}),
        (Colour.GREEN, 2),
        (Point(1, 2), (1, 2)),
        (OrderedDict(b=1, a=2), {"b": 1, "a": 2}),
    ],
)
def test_a_subclass_of_a_plain_type_is_sent_as_its_base_s_value(value: Any, base: Any) -> None:
    assert exactly(decode(encode(value))) == exactly(base)


def test_an_object_is_sent_as_the_name_of_its_type_alone() -> None:
    assert decode(encode({"object": object()})) == {"object": Opaque("object")}


def test_of_a_type_s_long_name_the_beginning_is_sent() -> None:
    assert decode(encode(Opaque("a" + "\u00e4" * 500))) == Opaque("a" + "\u00e4" * 199)


def test_an_object_may_be_adapted_to_plain_data() -> None:
    assert decode(encode([Ellipsis], adapt=str)) == ["Ellipsis"]


def test_text_that_is_no_unicode_is_sent_escaped() -> None:
    assert decode(encode("a\ud800b")) == "a\\ud800b"


def nested(levels: int) -> list[Any]:
    """Return a list in a list in a list."""
    value: list[Any] = []
    for _ in range(levels):
        value = [value]
    return value


def recursive() -> list[Any]:
    """Return a list that holds itself."""
    value: list[Any] = []
    value.append(value)
    return value


def branching() -> list[Any]:
    """Return a small list that has 2**60 items when written out."""
    value: list[Any] = []
    for _ in range(60):
        value = [value, value]
    return value


class Key(list[int]):
    """A list that can be hashed."""

    def __hash__(self) -> int:  # type: ignore[override]
        return 1


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (nested(wire.MAX_DEPTH + 1), "nested too deeply"),
        (recursive(), "nested too deeply"),
        (branching(), "too large"),
        (LARGEST + 1, "too large"),
        (-LARGEST - 1, "too large"),
        (10**5000, "too large"),
        ([None] * wire.MAX_ITEMS, "too large"),
        (dict.fromkeys(range(wire.MAX_KEYS + 1)), "too many keys"),
        (bytes(wire.MAX_FRAME), "too large"),
        ([bytes(wire.MAX_FRAME // 2)] * 3, "too large"),
        ({object(): 1, object(): 2}, "key"),
        ({object(), object()}, "key"),
        ({(1, object()): 1}, "key"),
        ({Key([1]): 1}, "key"),
        ({frozenset({1}): 1}, "key"),
        ({Array("array", "int8", (), b"1"): 1}, "key"),
        (Array("tensor", "float32", (1,) * (wire.MAX_DIMS + 1), bytes(4)), "dimensions"),
        (Array("tensor", "float32", (0, 2**26, 2**26, 2**26), b""), "large"),
    ],
    ids=lambda case: case if isinstance(case, str) else "",
)
def test_what_cannot_be_sent_is_refused_with_the_reason(value: Any, reason: str) -> None:
    with pytest.raises(WireError, match=reason):
        encode(value)


def test_the_largest_of_everything_arrives() -> None:
    value = [nested(wire.MAX_DEPTH - 1), dict.fromkeys(range(wire.MAX_KEYS)), LARGEST]
    value += [Array("array", "int8", (1,) * wire.MAX_DIMS, b"1")]
    value += [None] * (
        wire.MAX_ITEMS - wire.MAX_DEPTH - 2 * wire.MAX_KEYS - 54
    )  # the array counts as 50, the dict as 2
    assert decode(encode(value)) == value
    with pytest.raises(WireError, match="too large"):
        encode([*value, None])


odd = st.builds(object) | st.sampled_from(Colour) | st.text().map(LyingText)
odd_values = st.recursive(
    scalars | arrays() | odd,
    lambda inner: (
        containers(inner)
        | st.dictionaries(odd | arrays(), inner, max_size=3)
        | st.frozensets(odd, max_size=3)
    ),
    max_leaves=10,
)


@relaxed
@given(odd_values)
def test_whatever_can_be_sent_can_be_read(value: Any) -> None:
    with contextlib.suppress(WireError):
        sent = encode(value)
        try:
            decode(sent, numpy_from)
        except WireError as error:
            pytest.fail(f"sent, but not read: {error}")


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """Encoded values with bytes changed, cut out or put in."""
    data = bytearray(encode(draw(values)))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data)))
        width = draw(st.integers(0, 5))
        data[at : at + width] = draw(
            st.binary(max_size=5) | st.sampled_from([b"\xff" * 4, b"l", b"d", b"a", b"S"])
        )
    return bytes(data)


@relaxed
@given(damaged() | st.binary(max_size=200))
@example(
    b"a" + header(13) + b"array float32" + b"\x04" + struct.pack(">QQQQ", 0, 2**26, 2**26, 2**26) + header(0)
)
@example(b"a" + header(12) + b"tensor int16" + b"\x01" + struct.pack(">Q", 2**64 - 1) + header(2) + b"xx")
@example(b"d" + header(1) + encode(Array("array", "int8", (2,), b"12")) + b"N")
@example(b"d" + header(1) + encode([]) + b"N")
@example(b"d" + header(2) + encode(1) + b"N" + b"T" + b"N")
@example(b"S" + header(1) + encode({}))
@example(b"i\xff" + bytes(255))
@example(b"s" + header(1) + b"\xff")
@example(b"")
def test_hostile_bytes_are_a_value_or_a_wire_error(data: bytes) -> None:
    with contextlib.suppress(WireError):
        decode(data, numpy_from)


@pytest.mark.parametrize(
    "data",
    [
        b"l" + header(2**32 - 1),
        b"u" + header(2**32 - 1) + b"N" * 10,
        b"S" + header(2**31),
        b"d" + header(2**31),
        b"s" + header(2**32 - 1) + b"x",
        b"b" + header(2**32 - 1),
        (b"l" + header(1)) * 100_000,
        (b"d" + header(1) + b"N") * 100_000,
        b"a" + header(12) + b"tensor int16" + b"\xff" + struct.pack(">Q", 2**60) * 255,
        b"a" + header(10) + b"array bool" + b"\x01" + struct.pack(">Q", 2**32) + header(2**32 - 1),
    ],
)
def test_few_bytes_cannot_make_much(data: bytes) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(WireError):
            decode(data, numpy_from)
        assert tracemalloc.get_traced_memory()[1] < 2**20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "array",
    [
        Array("array", "float32", (2,), bytes(4)),
        Array("array", "float32", (2,), bytes(12)),
        Array("array", "float32", (), b""),
        Array("array", "float32", (0, 3), bytes(4)),
        Array("tensor", "bfloat16", (1,), bytes(4)),
        Array("array", "object", (1,), bytes(8)),
        Array("array", "", (1,), bytes(8)),
        Array("pickle", "int8", (1,), bytes(1)),
    ],
)
def test_an_array_that_is_not_what_it_says_is_refused(array: Array) -> None:
    with pytest.raises(WireError, match="an array"):
        decode(encode(array))


@pytest.mark.parametrize("at_limit", [True, False])
def test_the_number_of_values_is_limited(at_limit: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "MAX_ITEMS", 100)
    data = b"l" + header(99 if at_limit else 100) + b"N" * 100
    with pytest.raises(WireError, match="bytes after" if at_limit else "too many"):
        decode(data)


@pytest.mark.parametrize(
    "data",
    [
        (b"d" + header(2) + b"i\x01\x01Ni\x01\x02N").join([b"l" + header(3), b"", b"", b""]),
        b"S" + header(6) + b"".join(encode(number) for number in range(6)),
    ],
)
def test_the_number_of_keys_is_limited_over_all_dicts_and_sets(
    data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "MAX_KEYS", 6)
    decode(data)
    monkeypatch.setattr(wire, "MAX_KEYS", 5)
    with pytest.raises(WireError, match="too many keys"):
        decode(data)


def as_keys(number: int, key: Callable[[int], Any]) -> bytes:
    """Return a dict with keys made by `key`."""
    return b"d" + header(number) + b"".join(encode(key(count)) + b"N" for count in range(number))


@pytest.mark.parametrize("key", [lambda count: count * P, lambda count: (1.5,) * 40 + (count * P,)])
def test_keys_made_to_collide_are_refused(key: Callable[[int], Any]) -> None:
    assert len(decode(as_keys(5, key))) == 5  # a few may collide by chance
    with pytest.raises(WireError, match="collide"):
        decode(as_keys(200, key))
    with pytest.raises(WireError, match="collide"):
        decode(b"S" + header(200) + b"".join(encode(key(count)) for count in range(200)))


def test_a_key_may_not_be_there_twice() -> None:
    with pytest.raises(WireError, match="same key twice"):
        decode(b"d" + header(2) + encode("a") + b"T" + encode("a") + b"F")


def test_nothing_may_follow_the_value() -> None:
    with pytest.raises(WireError, match="bytes after"):
        decode(encode(1) + b"N")


@relaxed
@given(arrays())
def test_every_array_of_the_wire_becomes_a_numpy_array(array: Array) -> None:
    found = decode(encode(array), numpy_from)
    assert isinstance(found, np.ndarray)
    assert found.shape == array.shape
