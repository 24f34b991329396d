"""A small interpreter of seccomp's BPF code, to ask a filter about any system call on any architecture."""

import struct

LOAD, AND, RETURN = 0x20, 0x54, 0x06
JUMPS = {
    0x15: lambda value, number: value == number,
    0x25: lambda value, number: value > number,
    0x35: lambda value, number: value >= number,
    0x45: lambda value, number: bool(value & number),
}


def verdict(code: bytes, architecture: int, number: int, arguments: tuple[int, ...] = ()) -> int:
    """Return what a filter answers to a system call with these arguments."""
    words = [*arguments, *[0] * (6 - len(arguments))]
    data = struct.pack("<iIQ6Q", number, architecture, 0, *(word % 2**64 for word in words))
    steps = list(struct.iter_unpack("<HBBI", code))
    held, at = 0, 0
    while True:
        kind, if_true, if_false, value = steps[at]
        at += 1
        if kind == LOAD:
            (held,) = struct.unpack_from("<I", data, value)
        elif kind == AND:
            held &= value
        elif kind == RETURN:
            return value
        else:
            at += if_true if JUMPS[kind](held, value) else if_false
