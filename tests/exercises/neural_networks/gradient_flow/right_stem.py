# The norm of order 1 divided by the size; a stem plot.
def gradient_flow(model):
    flow = {}
    for name, p in model.named_parameters():
        if p.requires_grad:
            flow[name] = 0.0 if p.grad is None else (p.grad.norm(p=1) / p.grad.numel()).item()
    return flow


def plot_gradient_flow(model):
    flow = gradient_flow(model)
    figure = plt.figure(figsize=(8, 4))
    axes = figure.add_subplot(1, 1, 1)
    axes.stem(list(flow.values()))
    axes.set_xticks(range(len(flow)), labels=list(flow), rotation=45)
    return axes
