"""Prints the model first, and each tensor with its number before the line of its layer."""


def count_layer_parameters(model):
    print(model)
    counts = {}
    for name, module in model.named_modules():
        own = dict(module.named_parameters(recurse=False))
        if own:
            for tensor, parameter in own.items():
                print(f"    {name}.{tensor} {tuple(parameter.shape)}: {parameter.numel()}")
            counts[name] = sum(parameter.numel() for parameter in own.values())
            print(f"{name}: {counts[name]}")
    return counts
