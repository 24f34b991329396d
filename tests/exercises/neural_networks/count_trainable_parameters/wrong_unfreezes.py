"""Un-freezes the parameters before it counts them: `requires_grad` is to be read, not set.

Fails: test_frozen_layer, test_frozen_weight_only, test_all_frozen, test_pure.
"""


def count_trainable_parameters(model):
    total = 0
    for p in model.parameters():
        p.requires_grad = True
        if p.requires_grad:
            total += p.numel()
    return total
