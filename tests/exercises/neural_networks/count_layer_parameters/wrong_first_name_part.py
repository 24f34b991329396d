"""Groups by what stands before the first dot, which is the block a layer is in, not the layer.

Fails: test_nested_bn, test_printed.
"""


def count_layer_parameters(model):
    counts = {}
    for name, parameter in model.named_parameters():
        layer = name.split(".")[0]
        counts[layer] = counts.get(layer, 0) + parameter.numel()
    for layer in counts:
        print(layer, counts[layer])
    return counts
