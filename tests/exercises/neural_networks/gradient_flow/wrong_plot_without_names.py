"""The bars have numbers in place of names: nobody can say which layer is which.

Fails: test_plot_labels.
"""


def gradient_flow(model):
    flow = {}
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            flow[name] = 0.0 if parameter.grad is None else parameter.grad.abs().mean().item()
    return flow


def plot_gradient_flow(model):
    fig, ax = plt.subplots()
    ax.bar(range(len(gradient_flow(model))), gradient_flow(model).values())
    ax.set_xlabel("parameter")
    return ax
