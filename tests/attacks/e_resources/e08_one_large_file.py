"""E08: writes one file far beyond its limit."""

# %% count_evens
with open("large", "wb") as file:
    for _ in range(64):
        file.write(b"x" * 2**20)


def count_evens(numbers):
    return sum(number % 2 == 0 for number in numbers)
