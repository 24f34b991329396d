"""D06: reads at address 0."""

# %% count_evens
import ctypes


def count_evens(numbers):
    ctypes.string_at(0)
