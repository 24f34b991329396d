"""New Axes are made and returned, with nothing on them.

Fails: test_plot_data.
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
    fig, ax = plt.subplots()
    return ax
