"""Recursion of its own over the children, with the ids of what was counted."""


def count_trainable_parameters(model):
    seen = set()

    def count(module):
        total = 0
        for parameter in module.parameters(recurse=False):
            if id(parameter) not in seen and parameter.requires_grad:
                seen.add(id(parameter))
                total += parameter.numel()
        return total + sum(count(child) for child in module.children())

    return count(model)
