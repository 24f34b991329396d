"""Prints the numbers but does not return them.

Fails: test_tutorial_net, test_other_net, test_order, test_nested_bn, test_frozen, test_pure.
"""


def count_layer_parameters(model):
    for name, module in model.named_modules():
        number = sum(p.numel() for p in module.parameters(recurse=False))
        if number > 0:
            print(f"{name}: {number}")
