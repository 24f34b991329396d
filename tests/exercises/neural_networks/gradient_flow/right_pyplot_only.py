# The state machine of pyplot: shown at the end, and the Axes were kept before.
def gradient_flow(model):
    flow = {}
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            flow[name] = 0.0 if parameter.grad is None else parameter.grad.abs().mean().item()
    return flow


def plot_gradient_flow(model):
    flow = gradient_flow(model)
    plt.figure(figsize=(10, 4))
    plt.bar(list(flow.keys()), list(flow.values()))
    plt.xticks(rotation=90)
    plt.ylabel("gradient")
    plt.tight_layout()
    ax = plt.gca()
    plt.show()
    return ax
