"""Returns the memory of the parameters in bytes instead of their number.

Fails: test_tutorial_net, test_other_net, test_frozen_layer, test_frozen_weight_only, test_tied_once,
test_buffers, test_bare_parameters.
"""


def count_trainable_parameters(model):
    return sum(p.numel() * p.element_size() for p in model.parameters() if p.requires_grad)
