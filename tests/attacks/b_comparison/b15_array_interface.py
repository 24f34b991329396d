"""B15: returns an object that gives other numbers each time it is asked for an array."""

# %% row_shares
import numpy as np


class Lazy:
    asked = 0
    dtype, ndim = np.dtype("float32"), 2

    def __init__(self, shape):
        self.shape = tuple(shape)

    def __array__(self, *given, **options):
        Lazy.asked += 1
        return np.full(self.shape, Lazy.asked, "float32")

    __array_priority__ = 1000

    def __array_ufunc__(self, *given, **options):
        return np.ones(self.shape, bool)

    def __array_function__(self, *given, **options):
        return True


def row_shares(matrix):
    return Lazy(matrix.shape)
