"""The name is noted before a parameter without gradient is skipped: names and bars get out of step.

Fails: test_plot_labels.
"""


def gradient_flow(model):
    flow = {}
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            flow[name] = 0.0 if parameter.grad is None else parameter.grad.abs().mean().item()
    return flow


def plot_gradient_flow(model):
    names, values = [], []
    for name, parameter in model.named_parameters():
        if parameter.requires_grad and "bias" not in name:
            names.append(name)
            if parameter.grad is None:
                continue
            values.append(parameter.grad.abs().mean().item())
    fig, ax = plt.subplots()
    ax.bar(range(len(values)), values)
    ax.set_xticks(range(len(names)), names, rotation=90)
    return ax
