"""D08: aborts, with a handler of its own for the signal.

Says: Your code did not finish
"""

# %% count_evens
import os, signal

signal.signal(signal.SIGABRT, lambda *given: None)


def count_evens(numbers):
    os.abort()
