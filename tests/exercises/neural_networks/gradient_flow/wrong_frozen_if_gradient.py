"""Only parameters without a gradient are skipped: a frozen one may still have an old gradient.

Fails: test_frozen.
"""


def gradient_flow(model):
    flow = {}
    for name, parameter in model.named_parameters():
        if parameter.grad is not None:
            flow[name] = 0.0 if parameter.grad is None else parameter.grad.abs().mean().item()
    return flow


def plot_gradient_flow(model):
    flow = gradient_flow(model)
    fig, ax = plt.subplots()
    ax.bar(range(len(flow)), list(flow.values()))
    ax.set_xticks(range(len(flow)), list(flow), rotation=90)
    return ax
