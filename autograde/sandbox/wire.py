"""Plain data between the grader and the student's process.

Values are tagged bytes, so types and floats arrive exactly as they left; nothing is unpickled and no name is
looked up. Whatever comes from the student's process is hostile: `decode` takes a bounded number of bytes,
items and levels, and raises `WireError` else.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

MAX_FRAME: Final = 64 * 2**20  # bytes
MAX_ITEMS: Final = 500_000  # values in one frame
MAX_KEYS: Final = 10_000  # in all dicts and sets of one frame: keys that collide cost quadratic time
MAX_DEPTH: Final = 64
MAX_INT_BYTES: Final = 64
MAX_DIMS: Final = 8
_HEADER: Final = struct.Struct(">I")
_DOUBLE: Final = struct.Struct("<d")
_COMPLEX: Final = struct.Struct("<dd")
_TAGS: Final[dict[type, bytes]] = {list: b"l", tuple: b"u", set: b"S", frozenset: b"S"}

ITEM_SIZES: Final = {
    "bool": 1, "uint8": 1, "int8": 1, "uint16": 2, "int16": 2, "uint32": 4, "int32": 4, "uint64": 8,
    "int64": 8, "float16": 2, "bfloat16": 2, "float32": 4, "float64": 8, "complex64": 8, "complex128": 16,
}  # fmt: skip
"""Bytes of one element, by the element's name in torch and numpy."""


class WireError(ValueError):
    """Bytes that are no value, or a value that cannot be sent."""


@dataclass(frozen=True)
class Array:
    """An array as it travels: `raw` holds the elements in C order, little-endian."""

    kind: str  # "tensor" (torch) or "array" (numpy)
    dtype: str
    shape: tuple[int, ...]
    raw: bytes


@dataclass(frozen=True)
class Opaque:
    """Stands for an object that is no plain data; only the name of its type crosses."""

    type_name: str


Adapt = Callable[[Any], "Array | Opaque | bool | int | float | complex | str"]
"""Turns an object the wire does not know into something it does."""


def encode(value: Any, adapt: Adapt = lambda value: Opaque(type(value).__name__)) -> bytes:
    """Encode plain data. Subclasses of plain types are sent as their base's value.

    Raises:
        WireError: nested too deeply or too large.

    """
    parts: list[bytes] = []
    _encode(value, parts, adapt, 0)
    if len(parts) > 4 * MAX_ITEMS or sum(map(len, parts)) > MAX_FRAME:
        raise WireError("the value is too large to send")
    return b"".join(parts)


def _encode(value: Any, parts: list[bytes], adapt: Adapt, depth: int) -> None:
    # The base class's own methods are called: a subclass could answer differently each time it is asked.
    if depth > MAX_DEPTH:
        raise WireError("the value is nested too deeply to send")
    if value is None:
        parts.append(b"N")
    elif value is True or value is False:
        parts.append(b"T" if value else b"F")
    elif isinstance(value, int):
        parts.append(_encode_int(int.__index__(value)))
    elif isinstance(value, float):
        parts.append(b"f" + _DOUBLE.pack(float.__float__(value)))
    elif isinstance(value, complex):
        parts.append(b"c" + _COMPLEX.pack(value.real, value.imag))
    elif isinstance(value, str):
        parts.append(_sized(b"s", str.__str__(value).encode("utf-8", "backslashreplace")))
    elif isinstance(value, bytes):
        parts.append(_sized(b"b", bytes.__getitem__(value, slice(None))))
    elif isinstance(value, list | tuple | set | frozenset):
        base: Any = next(kind for kind in _TAGS if isinstance(value, kind))
        items = list(base.__iter__(value))
        parts.append(_TAGS[base] + _HEADER.pack(len(items)))
        for item in items:
            _encode(item, parts, adapt, depth + 1)
    elif isinstance(value, dict):
        pairs = list(dict.items(value))
        parts.append(b"d" + _HEADER.pack(len(pairs)))
        for key, item in pairs:
            _encode(key, parts, adapt, depth + 1)
            _encode(item, parts, adapt, depth + 1)
    elif isinstance(value, Array):
        parts += [_sized(b"a", f"{value.kind} {value.dtype}".encode()), bytes([len(value.shape)])]
        parts += [struct.pack(">Q", size) for size in value.shape] + [_sized(b"", value.raw)]
    elif isinstance(value, Opaque):
        parts.append(_sized(b"o", value.type_name.encode("utf-8", "backslashreplace")[:200]))
    else:
        _encode(adapt(value), parts, adapt, depth + 1)


def _encode_int(value: int) -> bytes:
    raw = value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True)
    if len(raw) > MAX_INT_BYTES:
        raise WireError("the whole number is too large to send")
    return b"i" + bytes([len(raw)]) + raw


def _sized(tag: bytes, raw: bytes) -> bytes:
    if len(raw) > MAX_FRAME:
        raise WireError("the value is too large to send")
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
        self.position = 0
        self.items = 0
        self.keys = 0

    def take(self, size: int) -> bytes:
        end = self.position + size
        if end > len(self.data):
            raise WireError("the value is cut off")
        raw = bytes(self.data[self.position : end])
        self.position = end
        return raw

    def size(self) -> int:
        return int(_HEADER.unpack(self.take(4))[0])

    def text(self) -> str:
        try:
            return self.take(self.size()).decode("utf-8")
        except UnicodeDecodeError as error:
            raise WireError("text that is not UTF-8") from error

    def value(self, depth: int) -> Any:
        self.items += 1
        if depth > MAX_DEPTH or self.items > MAX_ITEMS:
            raise WireError("too many or too deeply nested values")
        match self.take(1):
            case b"N":
                return None
            case b"T":
                return True
            case b"F":
                return False
            case b"i":
                return int.from_bytes(self.take(min(self.take(1)[0], MAX_INT_BYTES)), "big", signed=True)
            case b"f":
                return _DOUBLE.unpack(self.take(8))[0]
            case b"c":
                return complex(*_COMPLEX.unpack(self.take(16)))
            case b"s":
                return self.text()
            case b"b":
                return self.take(self.size())
            case b"l":
                return self.values(depth)
            case b"u":
                return tuple(self.values(depth))
            case b"S":
                return self.unique(depth)
            case b"d":
                return self.mapping(depth)
            case b"a":
                return self.build(self.array())
            case b"o":
                return Opaque(self.text()[:200])
            case _:
                raise WireError("an unknown kind of value")

    def values(self, depth: int) -> list[Any]:
        return [self.value(depth + 1) for _ in range(self.size())]

    def count_keys(self, count: int) -> int:
        self.keys += count
        if self.keys > MAX_KEYS:
            raise WireError("too many keys")
        return count

    def unique(self, depth: int) -> set[Any]:
        items = self.values(depth)
        try:
            found = set(items) if self.count_keys(len(items)) else set()
        except TypeError as error:
            raise WireError("a set of unhashable values") from error
        return found

    def mapping(self, depth: int) -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        for _ in range(self.count_keys(self.size())):
            key = self.value(depth + 1)
            try:
                twice = key in found
            except (TypeError, ValueError) as error:
                raise WireError("a dict with unhashable keys") from error
            if twice:
                raise WireError("a dict with the same key twice")
            found[key] = self.value(depth + 1)
        return found

    def array(self) -> Array:
        kind, _, dtype = self.text().partition(" ")
        shape = tuple(struct.unpack(">Q", self.take(8))[0] for _ in range(min(self.take(1)[0], MAX_DIMS + 1)))
        raw = self.take(self.size())
        if kind not in ("tensor", "array") or dtype not in ITEM_SIZES or len(shape) > MAX_DIMS:
            raise WireError("an array of unknown kind")
        if max(shape, default=0) > MAX_FRAME or math.prod(shape) * ITEM_SIZES[dtype] != len(raw):
            raise WireError("an array whose shape and bytes do not agree")
        return Array(kind, dtype, shape, raw)
