"""Walks down `named_children()` itself; colours the name and prints thin-spaced numbers."""


def count_layer_parameters(model, prefix=""):
    counts = {}
    for name, child in model.named_children():
        path = prefix + name
        if next(child.children(), None) is None:
            number = sum(p.numel() for p in child.parameters())
            if number:
                counts[path] = number
                grouped = f"{number:,}".replace(",", "\u202f")
                print(f"\x1b[1m{path}\x1b[0m\t{grouped} parameters")
        else:
            counts |= count_layer_parameters(child, path + ".")
    return counts
