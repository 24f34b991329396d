"""A07: warns on stderr in every cell and is right: a warning costs nothing.

Marks: count_evens 3, row_shares 3
"""

# %% count_evens
import sys, warnings


def count_evens(numbers):
    warnings.warn("deprecated")
    print("careful", file=sys.stderr)
    return sum(number % 2 == 0 for number in numbers)


# %% row_shares
def row_shares(matrix):
    warnings.warn("deprecated too", DeprecationWarning)
    print("careful", file=sys.stderr)
    return matrix / matrix.sum(dim=1, keepdim=True)
