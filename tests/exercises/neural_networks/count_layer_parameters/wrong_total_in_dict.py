"""Puts the total into the dict beside the layers, but "total" is not a layer.

Fails: test_tutorial_net, test_other_net, test_nested_bn, test_frozen.
"""


def count_layer_parameters(model):
    counts = {}
    for name, module in model.named_modules():
        number = sum(p.numel() for p in module.parameters(recurse=False))
        if number > 0:
            counts[name] = number
    counts["total"] = sum(counts.values())
    for name, number in counts.items():
        print(f"{name:<20}{number:>12,}")
    return counts
