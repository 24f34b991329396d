# Gaps left out of the dictionary; horizontal bars, the first layer at the top.
def gradient_flow(model):
    return {
        name: float(p.grad.abs().mean())
        for name, p in model.named_parameters()
        if p.requires_grad and p.grad is not None
    }


def plot_gradient_flow(model):
    flow = gradient_flow(model)
    fig, ax = plt.subplots(figsize=(6, 0.3 * len(flow) + 1))
    ax.barh(list(flow), list(flow.values()), color="tab:green")
    ax.invert_yaxis()
    ax.set_xlabel("mean |gradient|")
    return ax
