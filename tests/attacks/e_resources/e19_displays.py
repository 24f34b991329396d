"""E19: shows a hundred thousand things, each of them small."""

# %% count_evens
from IPython.display import display, Image

picture = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + b"\0\0\0\1" * 2 + b"x" * 1000
for number in range(100_000):
    display(Image(data=picture, format="png"))


def count_evens(numbers):
    display(numbers)
    return -1
