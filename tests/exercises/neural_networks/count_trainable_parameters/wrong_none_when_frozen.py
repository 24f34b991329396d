"""Returns nothing at all when the sum is 0: a frozen model has 0 trainable parameters, and 0 is a number.

Fails: test_all_frozen.
"""


def count_trainable_parameters(model):
    total = sum(p.numel() for p in model.parameters() if p.requires_grad)
    return total or None
