"""E05: maps shared memory without a file, which no limit counts, and fills it."""

# %% count_evens
import mmap

held = []
for _ in range(12):
    held.append(mmap.mmap(-1, 2**26))
    for at in range(0, 2**26, 4096):
        held[-1][at] = 1


def count_evens(numbers):
    return sum(number % 2 == 0 for number in numbers)
