# Square roots of squares; points at the log10 of the numbers, with a tiny number for 0.
import math


def gradient_flow(model):
    flow = {}
    for name, p in model.named_parameters():
        if p.requires_grad and p.grad is not None:
            flow[name] = (p.grad**2).sqrt().mean().item()
        elif p.requires_grad:
            flow[name] = 0.0
    return flow


def plot_gradient_flow(model):
    flow = gradient_flow(model)
    fig, ax = plt.subplots()
    ax.scatter(range(len(flow)), [math.log10(value + 1e-12) for value in flow.values()])
    ax.set_xticks(range(len(flow)))
    ax.set_xticklabels(flow.keys(), rotation=60, ha="right")
    ax.set_ylabel("log10 of the mean absolute gradient")
    return ax
