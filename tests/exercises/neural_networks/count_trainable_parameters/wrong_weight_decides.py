"""Looks at the first parameter of a layer and counts all or nothing of the layer.

Fails: test_frozen_weight_only, test_tied_once.
"""


def count_trainable_parameters(model):
    total = 0
    for module in model.modules():
        own = list(module.parameters(recurse=False))
        if own and own[0].requires_grad:
            total += sum(p.numel() for p in own)
    return total
