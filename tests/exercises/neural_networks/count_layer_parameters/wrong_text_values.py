"""The values of the dict are texts such as "69,240" instead of numbers.

Fails: test_tutorial_net, test_other_net, test_order, test_nested_bn, test_frozen, test_pure.
"""


def count_layer_parameters(model):
    counts = {}
    for name, module in model.named_modules():
        number = sum(p.numel() for p in module.parameters(recurse=False))
        if number > 0:
            counts[name] = f"{number:,}"
            print(name, counts[name])
    return counts
