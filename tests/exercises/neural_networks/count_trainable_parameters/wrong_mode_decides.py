"""Counts only while the model is in training mode, but `eval()` does not freeze anything.

Fails: test_frozen_layer.
"""


def count_trainable_parameters(model):
    if not model.training:
        return 0
    return sum(p.numel() for p in model.parameters() if p.requires_grad)
