"""The labels stand in reverse order under the bars.

Fails: test_plot_labels.
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
    ax.barh(range(len(flow)), list(flow.values()))
    ax.set_yticks(range(len(flow)), list(flow)[::-1])
    return ax
