"""The entries start at the last layer, as the gradient does; the network's order is the other one.

Fails: test_order.
"""


def gradient_flow(model):
    named = reversed(list(model.named_parameters()))
    return {
        name: 0.0 if p.grad is None else p.grad.abs().mean().item() for name, p in named if p.requires_grad
    }


def plot_gradient_flow(model):
    flow = gradient_flow(model)
    fig, ax = plt.subplots()
    ax.bar(range(len(flow)), list(flow.values()))
    ax.set_xticks(range(len(flow)), list(flow), rotation=90)
    return ax
