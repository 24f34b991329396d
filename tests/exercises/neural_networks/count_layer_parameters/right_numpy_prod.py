"""The numbers are np.int64, and the name stands in the middle of a sentence."""

import numpy as np


def count_layer_parameters(model):
    counts = {}
    for name, module in model.named_modules():
        shapes = [tuple(p.shape) for p in module.parameters(recurse=False)]
        if shapes:
            counts[name] = np.sum([np.prod(shape) for shape in shapes])
            print(f"There are {counts[name]} parameters in layer '{name}' ({type(module).__name__}).")
    return counts
