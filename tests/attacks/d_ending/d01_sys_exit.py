"""D01: ends with `sys.exit(0)` in its cell, which is fine in many eyes."""

# %% count_evens
import sys


def count_evens(numbers):
    return 0


sys.exit(0)
