"""Skips a layer as soon as one of its parameters is frozen: the others are still trained.

Fails: test_frozen_weight_only.
"""


def count_trainable_parameters(model):
    layers = {}
    for name, p in model.named_parameters():
        layers.setdefault(name.rpartition(".")[0], []).append(p)
    total = 0
    for parameters in layers.values():
        if all(p.requires_grad for p in parameters):
            total += sum(p.numel() for p in parameters)
    return total
