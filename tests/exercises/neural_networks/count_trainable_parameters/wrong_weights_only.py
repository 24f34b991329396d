"""Counts parameters called "weight" only: biases are trained too, and a parameter may have any name.

Fails: test_tutorial_net, test_other_net, test_frozen_layer, test_frozen_weight_only, test_tied_once,
test_buffers, test_bare_parameters.
"""


def count_trainable_parameters(model):
    return sum(p.numel() for name, p in model.named_parameters() if "weight" in name and p.requires_grad)
