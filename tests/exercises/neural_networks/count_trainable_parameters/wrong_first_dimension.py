"""Takes the first dimension of each tensor for its size: a (6, 1, 3, 3) weight has 54 numbers, not 6.

Fails: test_tutorial_net, test_other_net, test_frozen_layer, test_frozen_weight_only, test_tied_once,
test_buffers, test_bare_parameters.
"""


def count_trainable_parameters(model):
    return sum(p.shape[0] for p in model.parameters() if p.requires_grad)
