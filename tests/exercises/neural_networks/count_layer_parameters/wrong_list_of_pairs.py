"""Returns a list of (name, number) pairs instead of a dict.

Fails: test_tutorial_net, test_other_net, test_order, test_nested_bn, test_frozen, test_pure.
"""


def count_layer_parameters(model):
    counts = []
    for name, module in model.named_modules():
        number = sum(p.numel() for p in module.parameters(recurse=False))
        if number > 0:
            counts.append((name, number))
            print(name, number)
    return counts
