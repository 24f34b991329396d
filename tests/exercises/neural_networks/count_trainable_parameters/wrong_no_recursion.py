"""Switches the recursion off (`recurse=False`): the parameters of the layers inside the model are left out.

Fails: test_tutorial_net, test_other_net, test_frozen_layer, test_frozen_weight_only, test_tied_once,
test_buffers, test_bare_parameters.
"""


def count_trainable_parameters(model):
    return sum(p.numel() for p in model.parameters(recurse=False) if p.requires_grad)
