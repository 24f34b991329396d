"""The bars are sorted by height: the way along the network can no longer be followed.

Fails: test_plot_data.
"""


def gradient_flow(model):
    flow = {}
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            flow[name] = 0.0 if parameter.grad is None else parameter.grad.abs().mean().item()
    return flow


def plot_gradient_flow(model):
    flow = dict(sorted(gradient_flow(model).items(), key=lambda item: -item[1]))
    fig, ax = plt.subplots()
    ax.bar(list(flow), list(flow.values()))
    return ax
