"""Returns millions of parameters instead of the number of parameters.

Fails: test_tutorial_net, test_other_net, test_frozen_layer, test_frozen_weight_only, test_tied_once,
test_buffers, test_bare_parameters.
"""


def count_trainable_parameters(model):
    return sum(p.numel() for p in model.parameters() if p.requires_grad) / 1e6
