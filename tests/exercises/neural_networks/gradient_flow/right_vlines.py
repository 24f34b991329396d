# Vertical strokes as high as the numbers; the mean from numpy's double precision.
def gradient_flow(model):
    import numpy

    out = {}
    for name, p in model.named_parameters():
        if p.requires_grad:
            out[name] = 0.0
            if p.grad is not None:
                out[name] = float(numpy.mean(numpy.abs(p.grad.detach().cpu().numpy()), dtype=float))
    return out


def plot_gradient_flow(model):
    flow = gradient_flow(model)
    ax = plt.figure().gca()
    ax.vlines(range(len(flow)), 0, list(flow.values()), linewidth=6)
    ax.set_xticks(range(len(flow)), list(flow), rotation=90)
    return ax
