"""All leaf modules, those without parameters with 0; a table with a header, a share and a total."""


def count_layer_parameters(model):
    leaves = {name: module for name, module in model.named_modules() if not list(module.children())}
    counts = {name: sum(p.nelement() for p in module.parameters()) for name, module in leaves.items()}
    total = sum(counts.values())
    print(f"{'layer':<24}{'type':<16}{'parameters':>12}{'share':>8}")
    print("-" * 60)
    for name, count in counts.items():
        print(f"{name:<24}{type(leaves[name]).__name__:<16}{count:>12_}{count / total:>8.1%}")
    print("=" * 60)
    print(f"{'total':<40}{total:>12_}")
    return counts
