"""The figure is returned in place of the Axes: the caller cannot set a title or a scale on it.

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
    fig = plt.figure(figsize=(10, 4))
    plt.bar(list(flow.keys()), list(flow.values()))
    plt.xticks(rotation=90)
    plt.tight_layout()
    plt.show()
    return fig
