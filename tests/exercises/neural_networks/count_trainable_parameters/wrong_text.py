"""Returns a text such as "81,194" instead of a number.

Fails: test_tutorial_net, test_other_net, test_frozen_layer, test_frozen_weight_only, test_tied_once,
test_buffers, test_bare_parameters,
test_all_frozen, test_pure.
"""


def count_trainable_parameters(model):
    return f"{sum(p.numel() for p in model.parameters() if p.requires_grad):,}"
