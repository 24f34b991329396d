"""F06: reads whatever descriptors are left open, and what they lead to."""

# %% count_evens
import os

for number in range(200):
    try:
        found = os.fstat(number)
    except OSError:
        continue
    try:
        print(number, oct(found.st_mode), os.readlink(f"/proc/self/fd/{number}"))
        print(os.pread(number, 1000, 0))
    except OSError as error:
        print(error)
    for name in ("..", "../..", "course", "victim/decoy.txt", "../victim/decoy.txt"):
        try:
            print(os.read(os.open(name, os.O_RDONLY, dir_fd=number), 1000))
        except OSError:
            pass


def count_evens(numbers):
    return -1
