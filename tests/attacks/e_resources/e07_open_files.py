"""E07: opens files, pipes and sockets until there are no more, and fills all pipes."""

# %% count_evens
import os, socket

held = []
for make in (os.pipe, socket.socketpair, lambda: (os.open("/dev/null", 0),) * 2):
    try:
        while True:
            held.append(make())
            end = held[-1][1]
            if make is os.pipe:
                os.set_blocking(end, False)
                os.write(end, b"x" * 65536)
    except OSError as error:
        print(error, len(held))


def count_evens(numbers):
    return held
