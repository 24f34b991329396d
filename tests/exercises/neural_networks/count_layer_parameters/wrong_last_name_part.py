"""Names a layer by the last part of its name only, so that layers in blocks get names like "0".

Fails: test_nested_bn, test_printed.
"""


def count_layer_parameters(model):
    counts = {}
    for name, parameter in model.named_parameters():
        layer = name.split(".")[-2]
        counts[layer] = counts.get(layer, 0) + parameter.numel()
    for layer in counts:
        print(layer, counts[layer])
    return counts
