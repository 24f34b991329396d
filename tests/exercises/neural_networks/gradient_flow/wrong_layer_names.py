"""The keys are cut down to the names of the layers, so that weight and bias overwrite each other.

Fails: test_frozen, test_order, test_plot_data, test_values, test_vanishing, test_without_gradient.
"""


def gradient_flow(model):
    flow = {}
    for name, parameter in model.named_parameters():
        if parameter.requires_grad and parameter.grad is not None:
            flow[name.split(".")[0]] = parameter.grad.abs().mean().item()
    return flow


def plot_gradient_flow(model):
    flow = gradient_flow(model)
    fig, ax = plt.subplots()
    ax.bar(range(len(flow)), list(flow.values()))
    ax.set_xticks(range(len(flow)), list(flow), rotation=90)
    return ax
