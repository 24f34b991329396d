"""Returns the numbers but does not print them.

Fails: test_printed.
"""


def count_layer_parameters(model):
    counts = {}
    for name, module in model.named_modules():
        number = sum(p.numel() for p in module.parameters(recurse=False))
        if number > 0:
            counts[name] = number
    return counts
