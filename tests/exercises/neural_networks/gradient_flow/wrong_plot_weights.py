"""The plot shows the mean absolute values of the parameters, not of their gradients.

Fails: test_plot_data.
"""


def gradient_flow(model):
    flow = {}
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            flow[name] = 0.0 if parameter.grad is None else parameter.grad.abs().mean().item()
    return flow


def plot_gradient_flow(model):
    named = {name: p.abs().mean().item() for name, p in model.named_parameters() if p.requires_grad}
    fig, ax = plt.subplots()
    ax.bar(list(named), list(named.values()))
    return ax
