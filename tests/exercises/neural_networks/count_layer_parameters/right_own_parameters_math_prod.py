"""The parameters a module itself holds (`_parameters`), multiplied out of their shapes; an OrderedDict."""

import math
from collections import OrderedDict


def count_layer_parameters(model: nn.Module) -> dict[str, int]:
    result = OrderedDict()
    for name, module in model.named_modules():
        held = [p for p in module._parameters.values() if p is not None]
        if not held:
            continue
        result[name] = sum(math.prod(p.shape) for p in held)
        print(name, result[name], sep=" -> ")
    return result
