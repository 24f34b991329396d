"""Counts the parameter tensors (10 in the tutorial network), not the numbers in them.

Fails: test_tutorial_net, test_other_net, test_frozen_layer, test_frozen_weight_only, test_tied_once,
test_buffers, test_bare_parameters.
"""


def count_trainable_parameters(model):
    return len([p for p in model.parameters() if p.requires_grad])
