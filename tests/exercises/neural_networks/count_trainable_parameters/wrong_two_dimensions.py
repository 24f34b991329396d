"""Multiplies only the first two dimensions of a weight: the kernel of a convolution is left out.

Fails: test_tutorial_net, test_other_net, test_frozen_layer, test_frozen_weight_only, test_buffers,
test_bare_parameters.
"""


def count_trainable_parameters(model):
    total = 0
    for p in model.parameters():
        if p.requires_grad:
            total += p.size(0) * p.size(1) if p.dim() > 1 else p.size(0)
    return total
