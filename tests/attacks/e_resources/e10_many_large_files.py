"""E10: writes many files, each within the limit.

Says: its files took more than 8 MB
"""

# %% count_evens
for number in range(20):
    with open(f"part-{number}", "wb") as file:
        file.write(b"x" * (3 * 2**20))


def count_evens(numbers):
    return sum(number % 2 == 0 for number in numbers)
