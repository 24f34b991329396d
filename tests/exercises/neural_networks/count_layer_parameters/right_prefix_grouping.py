"""Groups `named_parameters()` by what stands before the last dot; a defaultdict, printed with separators."""

from collections import defaultdict


def count_layer_parameters(model):
    counts = defaultdict(int)
    for name, parameter in model.named_parameters():
        layer, _ = name.rsplit(".", 1)
        counts[layer] += parameter.numel()
    for layer, number in counts.items():
        print(f"{layer}: {number:,}")
    return counts
