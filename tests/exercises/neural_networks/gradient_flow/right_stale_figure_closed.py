# All older figures are closed first; the texts stand over the bars, the largest values behind them.
@torch.no_grad()
def gradient_flow(model):
    trainable = ((name, p.grad) for name, p in model.named_parameters() if p.requires_grad)
    return {name: 0.0 if g is None else F.l1_loss(g, torch.zeros_like(g)).item() for name, g in trainable}


def plot_gradient_flow(model):
    flow = gradient_flow(model)
    grads = {name: p.grad for name, p in model.named_parameters() if name in flow}
    largest = [0.0 if g is None else g.abs().max().item() for g in grads.values()]
    plt.close("all")
    plt.bar(range(len(flow)), largest, alpha=0.2)
    plt.bar(range(len(flow)), list(flow.values()), alpha=0.8)
    plt.xticks([])
    for place, (name, value) in enumerate(flow.items()):
        plt.text(place, value, name, rotation=90, ha="center", va="bottom")
    return plt.gca()
