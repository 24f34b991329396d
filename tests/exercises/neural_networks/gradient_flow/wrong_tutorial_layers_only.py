"""The names of the layers are written into the code: it works for one network only.

Fails: test_absolute, test_changes_nothing, test_frozen, test_order, test_plain_numbers, test_plot_data,
test_plot_new_figure, test_values, test_vanishing, test_without_gradient.
"""


def gradient_flow(model):
    flow = {}
    for layer in ("conv1", "conv2", "fc1", "fc2", "fc3"):
        for kind in ("weight", "bias"):
            parameter = getattr(getattr(model, layer), kind)
            if parameter.requires_grad:
                flow[f"{layer}.{kind}"] = (
                    0.0 if parameter.grad is None else parameter.grad.abs().mean().item()
                )
    return flow


def plot_gradient_flow(model):
    flow = gradient_flow(model)
    fig, ax = plt.subplots()
    ax.bar(range(len(flow)), list(flow.values()))
    ax.set_xticks(range(len(flow)), list(flow), rotation=90)
    return ax
