"""Asks every module for `parameters()`, which also yields those of the modules inside: they count repeatedly.

Fails: test_tutorial_net, test_other_net, test_frozen_layer, test_frozen_weight_only, test_tied_once,
test_buffers, test_bare_parameters.
"""


def count_trainable_parameters(model):
    total = 0
    for module in model.modules():
        for parameter in module.parameters():
            if parameter.requires_grad:
                total += parameter.numel()
    return total
