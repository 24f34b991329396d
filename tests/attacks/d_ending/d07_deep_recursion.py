"""D07: recurses without a limit, until the stack is used up."""

# %% count_evens
import sys

sys.setrecursionlimit(10**9)


class Deep:
    def __getattr__(self, name):
        return getattr(self, name + "x")

    def __repr__(self):
        return repr(self)


def count_evens(numbers):
    return sorted([Deep(), Deep()], key=repr)
