# The parameters are put back one by one, and updated by giving `.data` a new tensor.
def compare_learning_rates(model, loader, criterion, learning_rates, num_epochs=5):
    initial = [p.detach().clone() for p in model.parameters()]
    results = {}
    for lr in learning_rates:
        with torch.no_grad():
            for p, q in zip(model.parameters(), initial):
                p.copy_(q)
        curve = [mean_loss(model, loader, criterion)]
        for _ in range(num_epochs):
            s = 0
            for x, y in loader:
                for p in model.parameters():
                    p.grad = None
                l = criterion(model(x), y)
                l.backward()
                for p in model.parameters():
                    p.data = p.data - lr * p.grad.data
                s += l.item() * len(x)
            curve.append(s / len(loader.dataset))
        results[lr] = curve
    with torch.no_grad():
        for p, q in zip(model.parameters(), initial):
            p.copy_(q)
    return results


def convergence(losses):
    import numpy as np

    a = np.asarray(losses, dtype=float)
    if np.isnan(a).any() or np.isinf(a).any() or a.max() > 1.05 * a[0]:
        return "diverging"
    return "converging" if a[-1] <= 0.9 * a[0] else "slow"


def plot_learning_rates(results):
    fig, ax = plt.subplots()
    for lr, losses in results.items():
        ax.plot(losses, label=f"lr = {lr}")
    ax.set_xlabel("epoch")
    ax.set_ylabel("loss")
    ax.legend()
    return ax
