"""C29: answers with a million keys, with keys that collide, and with endless nesting."""

# %% count_evens
import gc, os, struct

child = next(one for one in gc.get_objects() if type(one).__name__ == "Child")


def count_evens(numbers):
    key = lambda number: b"i" + bytes([9]) + number.to_bytes(9, "big", signed=True)
    collide = b"".join(key(index * (2**61 - 1)) + b"N" for index in range(10_000))
    frame = b"d" + struct.pack(">I", 10_000) + collide
    os.write(child._channel._socket.fileno(), struct.pack(">I", len(frame)) + frame)


# %% row_shares
def row_shares(matrix):
    frame = b"l\x00\x00\x00\x01" * 100_000 + b"N"
    os.write(child._channel._socket.fileno(), struct.pack(">I", len(frame)) + frame)


# %% summarise
def summarise(values):
    return {index: None for index in range(1_000_000)}
