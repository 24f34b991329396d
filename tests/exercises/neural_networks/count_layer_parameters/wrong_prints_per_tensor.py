"""Prints inside the loop over the tensors: each layer gets a line for its weights alone, and then another one.

Fails: test_printed.
"""


def count_layer_parameters(model):
    counts = {}
    for name, parameter in model.named_parameters():
        layer = name.rpartition(".")[0]
        counts[layer] = counts.get(layer, 0) + parameter.numel()
        print(layer, counts[layer])
    return counts
