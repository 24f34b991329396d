# Sum divided by number of entries; bars drawn one by one, beside bars of the largest values.
def mean_size(gradient):
    if gradient is None:
        return 0.0
    return gradient.abs().sum().item() / gradient.numel()


def gradient_flow(model):
    return {n: mean_size(p.grad) for n, p in model.named_parameters() if p.requires_grad}


def plot_gradient_flow(model):
    trainable = {name: p for name, p in model.named_parameters() if p.requires_grad}
    fig, ax = plt.subplots()
    for place, (name, p) in enumerate(trainable.items()):
        top = 0.0 if p.grad is None else p.grad.abs().max().item()
        ax.bar(place + 0.2, top, width=0.4, color="lightgray")
        ax.bar(place - 0.2, mean_size(p.grad), width=0.4, color="navy")
    ax.set_xticks(range(len(trainable)), trainable, rotation=90)
    return ax
