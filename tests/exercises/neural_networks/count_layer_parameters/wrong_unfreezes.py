"""Makes all parameters trainable in order to count the frozen ones, and leaves them so.

Fails: test_pure.
"""


def count_layer_parameters(model):
    for parameter in model.parameters():
        parameter.requires_grad = True
    counts = {}
    for name, parameter in model.named_parameters():
        layer = name.rsplit(".", 1)[0]
        counts[layer] = counts.get(layer, 0) + parameter.numel()
    for layer, number in counts.items():
        print(layer, number)
    return counts
