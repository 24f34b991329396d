"""Assigns instead of adding: the bias, which comes second, overwrites the number of the weight.

Fails: test_tutorial_net, test_other_net, test_nested_bn, test_frozen, test_printed.
"""


def count_layer_parameters(model):
    counts = {}
    for name, parameter in model.named_parameters():
        counts[name.rsplit(".", 1)[0]] = parameter.numel()
    for layer, number in counts.items():
        print(f"{layer}: {number}")
    return counts
