# Zeros in the gradients, weighted sums in numpy, log10 of the losses in the plot.
def compare_learning_rates(model, loader, criterion, learning_rates, num_epochs=5):
    import numpy as np

    out = {}
    for lr in learning_rates:
        net = copy.deepcopy(model)
        curve = []
        for epoch in range(num_epochs + 1):
            losses, sizes = [], []
            for x, y in loader:
                net.zero_grad(set_to_none=False)
                loss = criterion(net(x), y)
                losses.append(float(loss.detach()))
                sizes.append(len(y))
                if epoch == 0:
                    continue
                loss.backward()
                with torch.no_grad():
                    for p in net.parameters():
                        p.add_(p.grad, alpha=-lr)
            curve.append(np.average(losses, weights=sizes))
        out[lr] = curve
    return out


def convergence(losses):
    import numpy as np

    losses = np.array(losses)
    if not np.all(np.isfinite(losses)) or np.any(losses > 1.05 * losses[0]):
        return "diverging"
    if losses[-1] <= 0.9 * losses[0]:
        return "converging"
    return "slow"


def plot_learning_rates(results):
    import numpy as np

    fig, ax = plt.subplots(1, 1)
    for lr, losses in results.items():
        ax.plot(np.arange(len(losses)), np.log10(losses), label=rf"$\eta = {lr}$")
    ax.set_xlabel("epoch (0 = before training)")
    ax.set_ylabel("log10 of the loss")
    ax.axhline(0, color="grey", linewidth=0.5)
    fig.legend()
    return ax
