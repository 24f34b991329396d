"""The bars of weight and bias stand at the same text, the name of their layer: one hides the other.

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
    fig, ax = plt.subplots()
    ax.bar([name.split(".")[0] for name in flow], list(flow.values()))
    return ax
