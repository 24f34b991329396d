"""Counts frozen parameters too: `requires_grad` is never looked at.

Fails: test_frozen_layer, test_frozen_weight_only, test_all_frozen.
"""


def count_trainable_parameters(model):
    return sum(p.numel() for p in model.parameters())
