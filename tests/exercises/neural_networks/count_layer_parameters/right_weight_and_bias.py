"""Looks at the attributes `weight` and `bias`, where a module has them."""


def count_layer_parameters(model):
    counts = {}
    for name, module in model.named_modules():
        total = 0
        for attribute in ("weight", "bias"):
            tensor = getattr(module, attribute, None)
            if isinstance(tensor, nn.Parameter):
                total += tensor.numel()
        if total > 0:
            counts[name] = total
            print(name, total)
    return counts
