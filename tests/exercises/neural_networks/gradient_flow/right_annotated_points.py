# Names written next to the points; the drawing does not use the dictionary.
def gradient_flow(model):
    flow = {}
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            flow[name] = 0.0 if parameter.grad is None else parameter.grad.abs().mean().item()
    return flow


def plot_gradient_flow(model):
    fig, (ax, rest) = plt.subplots(1, 2, figsize=(12, 4))
    number = 0
    for name, p in model.named_parameters():
        if p.grad is None or not p.requires_grad:
            continue
        size = p.grad.abs().mean().item()
        ax.scatter(number, size)
        ax.annotate(name, (number, size), rotation=30)
        number += 1
    rest.axis("off")
    return ax
