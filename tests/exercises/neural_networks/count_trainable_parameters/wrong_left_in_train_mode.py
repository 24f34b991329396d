"""Calls `model.train()` to make the model "trainable" and leaves it in training mode.

Fails: test_pure.
"""


def count_trainable_parameters(model):
    model.train()
    return sum(p.numel() for p in model.parameters() if p.requires_grad)
