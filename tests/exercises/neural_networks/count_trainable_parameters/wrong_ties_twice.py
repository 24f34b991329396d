"""Counts a parameter once for each layer that uses it: a shared parameter is still one parameter.

Fails: test_tied_once.
"""


def count_trainable_parameters(model):
    total = 0
    for module in model.modules():
        for parameter in module.parameters(recurse=False):
            if parameter.requires_grad:
                total += parameter.numel()
    return total
