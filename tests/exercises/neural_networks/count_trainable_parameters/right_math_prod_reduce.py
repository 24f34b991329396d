"""functools.reduce over a set of parameters (tensors hash by identity), shapes multiplied out."""

import math
from functools import reduce


def count_trainable_parameters(model):
    with torch.no_grad():
        return reduce(lambda n, p: n + math.prod(p.shape) * int(p.requires_grad), set(model.parameters()), 0)
