"""Multiplies dimensions beginning with the first, which a scalar parameter does not have: an error.

Fails: test_bare_parameters.
"""


def count_trainable_parameters(model):
    total = 0
    for p in model.parameters():
        if p.requires_grad:
            size = p.shape[0]
            for dimension in p.shape[1:]:
                size *= dimension
            total += size
    return total
