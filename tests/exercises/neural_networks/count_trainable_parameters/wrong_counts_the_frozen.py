"""Counts the frozen parameters instead of the trainable ones: the condition is the wrong way round.

Fails: test_tutorial_net, test_other_net, test_frozen_layer, test_frozen_weight_only, test_all_frozen,
test_tied_once, test_buffers, test_bare_parameters.
"""


def count_trainable_parameters(model):
    return sum(p.numel() for p in model.parameters() if not p.requires_grad)
