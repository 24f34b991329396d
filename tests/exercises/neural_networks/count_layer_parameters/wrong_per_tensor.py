"""Lists every parameter tensor: the weight and the bias of a layer are two entries instead of one.

Fails: test_tutorial_net, test_other_net, test_order, test_nested_bn, test_frozen, test_printed.
"""


def count_layer_parameters(model):
    counts = {}
    for name, parameter in model.named_parameters():
        counts[name] = parameter.numel()
        print(name, parameter.numel())
    return counts
