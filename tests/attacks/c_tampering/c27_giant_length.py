"""C27: announces a frame of four gigabytes.

Marks: count_evens 0
"""

# %% count_evens
import gc, os

child = next(one for one in gc.get_objects() if type(one).__name__ == "Child")


def count_evens(numbers):
    os.write(child._channel._socket.fileno(), b"\xff\xff\xff\xff" + b"x" * 1000)
