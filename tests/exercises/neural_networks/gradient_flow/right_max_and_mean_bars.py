# Two sets of bars over each other, largest and mean, in the style of a well-known forum post.
def gradient_flow(model):
    flow = {}
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            flow[name] = 0.0 if parameter.grad is None else parameter.grad.abs().mean().item()
    return flow


def plot_gradient_flow(model):
    layers, means, largest = [], [], []
    for name, p in model.named_parameters():
        if p.requires_grad and "bias" not in name and p.grad is not None:
            layers.append(name)
            means.append(p.grad.abs().mean().item())
            largest.append(p.grad.abs().max().item())
    plt.figure()
    places = torch.arange(len(layers))
    plt.bar(places, largest, alpha=0.3, lw=1, color="c")
    plt.bar(places, means, alpha=0.6, lw=1, color="b")
    plt.hlines(0, 0, len(layers) + 1, lw=2, color="k")
    plt.xticks(range(0, len(layers), 1), layers, rotation="vertical")
    plt.xlim(left=0, right=len(layers))
    plt.title("Gradient flow")
    plt.legend(["largest", "mean"])
    return plt.gca()
