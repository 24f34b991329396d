"""Plain data between the grader and the student's process.

Values are tagged bytes, so types and floats arrive exactly as they left; nothing is unpickled and no name is
looked up. What comes from the student's process is hostile: `decode` takes a bounded number of bytes, items
and levels, and raises `WireError` else. tests/kit/test_hostile_frames.py has the costliest frames.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

MAX_FRAME: Final = 64 * 2**20  # bytes
MAX_MEMORY: Final = 4 * MAX_FRAME  # bytes of all that one frame is made into; what follows sees to it
MAX_ITEMS: Final = 500_000  # values in one frame, of which some count as more
MAX_TEXT: Final = 16 * 2**20  # bytes in all texts of one frame; in memory they may take four times as many
MAX_KEYS: Final = 10_000  # in all dicts and sets of one frame
MAX_COLLISIONS: Final = 8  # keys of one dict or set with the same hash: each is compared with all others
MAX_DEPTH: Final = 64
MAX_INT_BYTES: Final = 64
MAX_DIMS: Final = 8
_HEADER: Final = struct.Struct(">I")
_DOUBLE: Final = struct.Struct("<d")
_COMPLEX: Final = struct.Struct("<dd")
_TAGS: Final[dict[type, bytes]] = {list: b"l", tuple: b"u", set: b"S", frozenset: b"S", dict: b"d"}
_CONTAINERS: Final = tuple(_TAGS)
_SCALARS: Final = (type(None), int, float, complex, str, bytes)
_COSTS: Final = {b"S": 4, b"d": 2, b"o": 2, b"a": 50}  # how many values one counts as; else 1
_HASHABLE: Final = b"NTFifcsbu"  # tags of what a key may be made of
_TOO_LARGE: Final = "the value is too large to send"

ITEM_SIZES: Final = {
    "bool": 1, "uint8": 1, "int8": 1, "uint16": 2, "int16": 2, "uint32": 4, "int32": 4, "uint64": 8,
    "int64": 8, "float16": 2, "bfloat16": 2, "float32": 4, "float64": 8, "complex64": 8, "complex128": 16,
}  # fmt: skip
"""Bytes of one element, by the element's name in torch and numpy."""

_KINDS: Final = ("tensor", "array")
_ARRAYS: Final = {f"{kind} {dtype}".encode(): (kind, dtype) for kind in _KINDS for dtype in ITEM_SIZES}
_LONGEST: Final = max(map(len, _ARRAYS)) + 1  # a longer name is none of them


class WireError(ValueError):
    """Bytes that are no value, or a value that cannot be sent."""


@dataclass(frozen=True, slots=True)
class Array:
    """An array as it travels: `raw` holds the elements in C order, little-endian."""

    kind: str  # "tensor" (torch) or "array" (numpy)
    dtype: str
    shape: tuple[int, ...]
    raw: bytes


@dataclass(frozen=True, slots=True)
class Opaque:
    """Stands for an object that is no plain data; only the name of its type crosses."""

    type_name: str


Adapt = Callable[[Any], "Array | Opaque | bool | int | float | complex | str"]
"""Turns an object the wire does not know into something it does."""


def encode(value: Any, adapt: Adapt = lambda value: Opaque(type(value).__name__)) -> bytes:
    """Encode plain data. Subclasses of plain types are sent as their base's value.

    Raises:
        WireError: nested too deeply or too large, or with keys that are no plain data.

    """
    writer = _Writer(adapt)
    writer.value(value, 0)
    if sum(map(len, writer.parts)) > MAX_FRAME:
        raise WireError(_TOO_LARGE)
    return b"".join(writer.parts)


class _Writer:
    """Writes values within the limits of `decode`: whatever it sends can be read."""

    def __init__(self, adapt: Adapt) -> None:
        self.adapt = adapt
        self.parts: list[bytes] = []  # one for each value
        self.items = self.text = self.keys = 0

    def value(self, value: Any, depth: int) -> None:
        if depth > MAX_DEPTH:
            raise WireError("the value is nested too deeply to send")
        if isinstance(value, _SCALARS):
            self.add(_encode_scalar(value))
        elif isinstance(value, _CONTAINERS):
            self.container(value, depth)
        elif isinstance(value, Array):
            self.add(_encode_array(value))
        elif isinstance(value, Opaque):
            self.add(_sized(b"o", value.type_name[:200].encode("utf-8", "backslashreplace")))
        else:
            self.value(self.adapt(value), depth + 1)

    def add(self, part: bytes) -> None:
        tag = part[:1]
        self.items += _COSTS.get(tag, 1)
        self.text += len(part) - len(_sized(tag, b"")) if tag in (b"s", b"o") else 0
        if self.items > MAX_ITEMS or self.text > MAX_TEXT:
            raise WireError(_TOO_LARGE)
        self.parts.append(part)

    def container(self, value: Any, depth: int) -> None:
        base: Any = next(kind for kind in _TAGS if isinstance(value, kind))
        items = list(base.items(value) if base is dict else base.__iter__(value))
        self.add(_TAGS[base] + _HEADER.pack(len(items)))
        for item in items:
            if base is dict:
                self.key(item[0], depth + 1)
                self.value(item[1], depth + 1)
            elif _TAGS[base] == b"S":
                self.key(item, depth + 1)
            else:
                self.value(item, depth + 1)

    def key(self, value: Any, depth: int) -> None:
        self.keys += 1
        if self.keys > MAX_KEYS:
            raise WireError("the value has too many keys to send")
        start = len(self.parts)
        self.value(value, depth)
        if not isinstance(value, _SCALARS) and any(part[:1] not in _HASHABLE for part in self.parts[start:]):
            raise WireError(f"a {type(value).__name__} as the key of a dict or in a set cannot be sent")


def _encode_scalar(value: Any) -> bytes:
    # The base class's own methods are called: a subclass could answer differently each time it is asked.
    if value is None or value is True or value is False:
        return b"N" if value is None else b"T" if value else b"F"
    if isinstance(value, int):
        return _encode_int(int.__index__(value))
    if isinstance(value, float):
        return b"f" + _DOUBLE.pack(float.__float__(value))
    if isinstance(value, str):
        return _sized(b"s", str.__str__(value).encode("utf-8", "backslashreplace"))
    if isinstance(value, complex):
        plain = complex.__complex__(value)
        return b"c" + _COMPLEX.pack(plain.real, plain.imag)
    return _sized(b"b", bytes.__getitem__(value, slice(None)))


def _encode_int(value: int) -> bytes:
    raw = value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True)
    if len(raw) > MAX_INT_BYTES:
        raise WireError("the whole number is too large to send")
    return b"i" + bytes([len(raw)]) + raw


def _encode_array(value: Array) -> bytes:
    if len(value.shape) > MAX_DIMS:
        raise WireError(f"an array of more than {MAX_DIMS} dimensions cannot be sent")
    if _spanned(value.shape) > MAX_FRAME:
        raise WireError(_TOO_LARGE)
    sizes = b"".join(struct.pack(">Q", size) for size in value.shape)
    head = _sized(b"a", f"{value.kind} {value.dtype}".encode()) + bytes([len(value.shape)])
    return head + sizes + _sized(b"", value.raw)


def _spanned(shape: tuple[int, ...]) -> int:
    """Return how many elements an array would have if it were not empty: numpy limits that too."""
    return math.prod(max(size, 1) for size in shape)


def _sized(tag: bytes, raw: bytes) -> bytes:
    if len(raw) > MAX_FRAME:
        raise WireError(_TOO_LARGE)
    return tag + _HEADER.pack(len(raw)) + raw


def decode(data: bytes | bytearray | memoryview, build: Callable[[Array], Any] = lambda array: array) -> Any:
    """Decode one value; `build` makes what an `Array` arrives as.

    Raises:
        WireError: not exactly one well-formed value within the limits.

    """
    reader = _Reader(memoryview(data), build)
    value = reader.value(0)
    if reader.position != len(reader.data):
        raise WireError("bytes after the value")
    return value


class _Reader:
    """Reads values from hostile bytes, counting what it makes."""

    def __init__(self, data: memoryview, build: Callable[[Array], Any]) -> None:
        self.data = data
        self.build = build
        self.position = self.items = self.text = self.keys = 0

    def take(self, size: int) -> bytes:
        end = self.position + size
        if end > len(self.data):
            raise WireError("the value is cut off")
        raw = bytes(self.data[self.position : end])
        self.position = end
        return raw

    def size(self) -> int:
        return int(_HEADER.unpack(self.take(4))[0])

    def few(self, most: int) -> int:
        size = self.take(1)[0]
        if size <= most:
            return size
        raise WireError("too many digits or dimensions")

    def letters(self) -> str:
        size = self.size()
        self.text += size
        if self.text > MAX_TEXT:
            raise WireError("too much text")
        try:
            return self.take(size).decode("utf-8")
        except UnicodeDecodeError as error:
            raise WireError("text that is not UTF-8") from error

    def value(self, depth: int) -> Any:
        tag = self.take(1)
        self.items += _COSTS.get(tag, 1)
        if depth > MAX_DEPTH or self.items > MAX_ITEMS:
            raise WireError("too many or too deeply nested values")
        match tag:
            case b"N":
                return None
            case b"T" | b"F":
                return tag == b"T"
            case b"i":
                return int.from_bytes(self.take(self.few(MAX_INT_BYTES)), "big", signed=True)
            case b"f":
                return _DOUBLE.unpack(self.take(8))[0]
            case b"c":
                return complex(*_COMPLEX.unpack(self.take(16)))
            case b"s":
                return self.letters()
            case b"b":
                return self.take(self.size())
            case b"l" | b"u":
                items = [self.value(depth + 1) for _ in range(self.size())]
                return items if tag == b"l" else tuple(items)
            case b"S":
                return self.unique(depth)
            case b"d":
                return self.mapping(depth, lambda: self.value(depth + 1))
            case b"a":
                return self.build(self.array())
            case b"o":
                return Opaque(self.letters()[:200])
            case _:
                raise WireError("an unknown kind of value")

    def count_keys(self, count: int) -> int:
        self.keys += count
        if self.keys > MAX_KEYS:
            raise WireError("too many keys")
        return count

    def unique(self, depth: int) -> set[Any]:
        return set(self.mapping(depth, lambda: None))

    def mapping(self, depth: int, item: Callable[[], Any]) -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        alike: dict[int, int] = {}
        for _ in range(self.count_keys(self.size())):
            key = self.value(depth + 1)
            try:
                number = hash(key)
            except TypeError as error:
                raise WireError("a key that cannot be hashed") from error
            alike[number] = alike.get(number, 0) + 1
            if alike[number] > MAX_COLLISIONS:
                raise WireError("too many keys that collide")
            if key in found:
                raise WireError("the same key twice")
            found[key] = item()
        return found

    def array(self) -> Array:
        label = self.take(min(self.size(), _LONGEST))
        if label not in _ARRAYS:
            raise WireError("an array of unknown kind")
        kind, dtype = _ARRAYS[label]
        shape = tuple(struct.unpack(">Q", self.take(8))[0] for _ in range(self.few(MAX_DIMS)))
        raw = self.take(self.size())
        if _spanned(shape) > MAX_FRAME or math.prod(shape) * ITEM_SIZES[dtype] != len(raw):
            raise WireError("an array whose shape and bytes do not agree")
        return Array(kind, dtype, shape, raw)
