"""np.sum over a list: np.int64, and 0.0 when the list is empty."""

import numpy as np


def count_trainable_parameters(model):
    return np.sum([p.numel() for p in model.parameters() if p.requires_grad])
