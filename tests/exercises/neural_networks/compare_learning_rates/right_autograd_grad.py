# Gradients by torch.autograd.grad, new values by copy_; sums over samples counted along the way.
def run_epoch(model, loader, criterion, lr):
    total, count = 0.0, 0
    for xb, yb in loader:
        params = list(model.parameters())
        loss = criterion(model(xb), yb)
        if lr is not None:
            grads = torch.autograd.grad(loss, params)
            with torch.no_grad():
                for p, g in zip(params, grads):
                    p.copy_(p - lr * g)
        total += loss.item() * yb.shape[0]
        count += yb.shape[0]
    return total / count


def compare_learning_rates(model, loader, criterion, learning_rates, num_epochs=5):
    history = {}
    for rate in learning_rates:
        net = copy.deepcopy(model)
        history[rate] = [run_epoch(net, loader, criterion, None)]
        history[rate] += [run_epoch(net, loader, criterion, rate) for _ in range(num_epochs)]
    return history


def convergence(losses):
    values = torch.tensor(losses, dtype=torch.float64)
    if not torch.isfinite(values).all() or (values > 1.05 * values[0]).any():
        return "diverging"
    return "converging" if values[-1] <= 0.9 * values[0] else "slow"


def plot_learning_rates(results):
    for lr, losses in results.items():
        epochs = list(range(len(losses)))
        plt.plot(epochs, losses, label=f"{lr:.0e}")
    plt.xlabel("epochs")
    plt.ylabel("loss")
    plt.legend(loc="upper right")
    return plt.gca()
