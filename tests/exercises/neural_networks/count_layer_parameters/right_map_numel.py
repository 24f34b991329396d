"""A comprehension over `parameters(recurse=False)`; one call of `print` prints all lines."""


def count_layer_parameters(model):
    counts = {
        name: number
        for name, module in model.named_modules()
        if (number := sum(map(torch.numel, module.parameters(recurse=False))))
    }
    print("\n".join(f"| {name} | {number} |" for name, number in counts.items()))
    return counts
