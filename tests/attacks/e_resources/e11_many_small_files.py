"""E11: makes files, many more than it may.

Says: it made more than 300 files
"""

# %% count_evens
import os

for number in range(20_000):
    os.close(os.open(f"file-{number}", os.O_CREAT | os.O_WRONLY))


def count_evens(numbers):
    return sum(number % 2 == 0 for number in numbers)
