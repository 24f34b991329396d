"""Prints how many parameters there are up to each layer, not the number in the layer.

Fails: test_printed.
"""


def count_layer_parameters(model):
    counts, total = {}, 0
    for name, module in model.named_modules():
        number = sum(p.numel() for p in module.parameters(recurse=False))
        if number > 0:
            counts[name] = number
            total += number
            print(f"{name}: {total:,}")
    return counts
