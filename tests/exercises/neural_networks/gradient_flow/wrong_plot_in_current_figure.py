"""`plt.bar` without a new figure: the plots of two models come to lie one over the other.

Fails: test_plot_new_figure.
"""


def gradient_flow(model):
    flow = {}
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            flow[name] = 0.0 if parameter.grad is None else parameter.grad.abs().mean().item()
    return flow


def plot_gradient_flow(model):
    flow = gradient_flow(model)
    plt.bar(list(flow), list(flow.values()))
    plt.xticks(rotation=90)
    return plt.gca()
