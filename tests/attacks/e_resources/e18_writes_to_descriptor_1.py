"""E18: writes without end to the descriptors of its output, past Python."""

# %% count_evens
import os

while True:
    os.write(1, b"x" * 10**6)
    os.write(2, b"y" * 10**6)
