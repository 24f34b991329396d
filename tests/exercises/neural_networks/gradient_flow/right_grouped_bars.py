# Bars of weight and bias side by side, with one label for both.
def gradient_flow(model):
    flow = {}
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            flow[name] = 0.0 if parameter.grad is None else parameter.grad.abs().mean().item()
    return flow


import numpy as np


def plot_gradient_flow(model):
    flow = gradient_flow(model)
    layers = list(dict.fromkeys(n.rsplit(".", 1)[0] for n in flow))
    x = np.arange(len(layers))
    fig, ax = plt.subplots()
    ax.bar(x - 0.2, [flow.get(l + ".weight", 0) for l in layers], 0.4, label="weight")
    ax.bar(x + 0.2, [flow.get(l + ".bias", 0) for l in layers], 0.4, label="bias")
    ax.set_xticks(x)
    ax.set_xticklabels(layers)
    ax.legend()
    return ax
