"""Has the number of the tutorial network written down instead of counting.

Fails: test_other_net, test_frozen_layer, test_frozen_weight_only, test_all_frozen, test_tied_once,
test_buffers, test_bare_parameters.
"""


def count_trainable_parameters(model):
    return 60 + 880 + 69240 + 10164 + 850
