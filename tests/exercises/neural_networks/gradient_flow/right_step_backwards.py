# Double precision; a line from the last layer to the first, over the names themselves.
def gradient_flow(model: nn.Module) -> dict[str, float]:
    names_and_grads = [(n, p.grad) for n, p in model.named_parameters() if p.requires_grad]
    return {n: torch.mean(torch.abs(g.double())).item() for n, g in names_and_grads if g is not None}


def plot_gradient_flow(model: nn.Module):
    flow = gradient_flow(model)
    names = list(flow)[::-1]
    fig, ax = plt.subplots()
    ax.semilogy(names, [flow[name] for name in names], "s-")
    ax.tick_params(axis="x", rotation=90)
    return ax
