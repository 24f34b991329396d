"""C28: sends half a frame and goes silent.

Marks: count_evens 0
"""

# %% count_evens
import gc, os, time

child = next(one for one in gc.get_objects() if type(one).__name__ == "Child")


def count_evens(numbers):
    os.write(child._channel._socket.fileno(), b"\x00\x00\x10\x00" + b"d\x00\x00")
    time.sleep(60)
