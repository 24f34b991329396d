"""Counts a layer's parameter tensors (weight and bias: 2), not the numbers in them.

Fails: test_tutorial_net, test_other_net, test_nested_bn, test_frozen, test_printed.
"""


def count_layer_parameters(model):
    counts = {}
    for name, module in model.named_modules():
        own = list(module.parameters(recurse=False))
        if own:
            counts[name] = len(own)
            print(f"{name}: {len(own)} parameters")
    return counts
