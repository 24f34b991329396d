# Modules and their own parameters; points one by one, with the names in a legend.
def gradient_flow(model):
    flow = {}
    for prefix, module in model.named_modules():
        for name, p in module.named_parameters(recurse=False):
            if p.requires_grad:
                full = f"{prefix}.{name}" if prefix else name
                flow[full] = p.grad.detach().abs().mean().item() if p.grad is not None else 0.0
    return flow


def plot_gradient_flow(model):
    fig, ax = plt.subplots()
    for place, (name, value) in enumerate(gradient_flow(model).items()):
        ax.plot(place, value, "o", label=name)
    ax.legend(fontsize="x-small")
    return ax
