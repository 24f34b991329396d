"""E09: makes a file of a terabyte that takes no place, for others to copy."""

# %% count_evens
import os

with open("sparse", "wb") as file:
    try:
        os.truncate("sparse", 2**40)
    except OSError as error:
        print(error)
        file.seek(2**40)
        file.write(b"x")


def count_evens(numbers):
    return sum(number % 2 == 0 for number in numbers)
