"""Parameters whose gradient has arrived, but is 0 everywhere, as behind dead ReLUs, have no entry.

Fails: test_without_gradient.
"""


def gradient_flow(model):
    flow = {}
    for name, parameter in model.named_parameters():
        if parameter.requires_grad and parameter.grad is not None and parameter.grad.any():
            flow[name] = parameter.grad.abs().mean().item()
    return flow


def plot_gradient_flow(model):
    flow = gradient_flow(model)
    fig, ax = plt.subplots()
    ax.bar(list(flow), list(flow.values()))
    ax.tick_params(axis="x", labelrotation=90)
    return ax
