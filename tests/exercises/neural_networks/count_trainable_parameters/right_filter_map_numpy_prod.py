"""filter and map with NumPy: the result is np.int64, or a float where a scalar is among the parameters."""

import numpy as np


def count_trainable_parameters(model):
    trainable = filter(lambda p: p.requires_grad, model.parameters())
    return sum(map(np.prod, (p.size() for p in trainable)))
