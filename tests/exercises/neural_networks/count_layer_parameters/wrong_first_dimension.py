"""Takes the first dimension of each tensor for its size: a (6, 1, 3, 3) weight has 54 numbers, not 6.

Fails: test_tutorial_net, test_other_net, test_nested_bn, test_frozen, test_printed.
"""


def count_layer_parameters(model):
    counts = {}
    for name, parameter in model.named_parameters():
        layer = name.rsplit(".", 1)[0]
        counts[layer] = counts.get(layer, 0) + parameter.size(0)
    for layer, number in counts.items():
        print(layer, number)
    return counts
