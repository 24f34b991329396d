"""Returns the sum over all layers instead of a dict with one number per layer.

Fails: test_tutorial_net, test_other_net, test_order, test_nested_bn, test_frozen, test_pure.
"""


def count_layer_parameters(model):
    total = 0
    for name, module in model.named_modules():
        number = sum(p.numel() for p in module.parameters(recurse=False))
        if number > 0:
            print(f"{name}: {number}")
            total += number
    print(f"total: {total}")
    return total
