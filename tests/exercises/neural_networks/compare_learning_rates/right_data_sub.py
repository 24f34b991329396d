# The older update with `.data`, gradients cleared after the update and once before; nested comparisons.
def compare_learning_rates(model, loader, criterion, learning_rates, num_epochs=5):
    results = {}
    for lr in learning_rates:
        trained = copy.deepcopy(model)
        trained.zero_grad()
        losses = [mean_loss(trained, loader, criterion)]
        for epoch in range(num_epochs):
            total = 0.0
            for inputs, targets in loader:
                loss = criterion(trained(inputs), targets)
                loss.backward()
                for f in trained.parameters():
                    f.data.sub_(f.grad.data * lr)
                trained.zero_grad()
                total += loss.item() * len(inputs)
            losses.append(total / len(loader.dataset))
        results[lr] = losses
    return results


def convergence(losses):
    first = losses[0]
    for loss in losses:
        if math.isnan(loss) or math.isinf(loss):
            return "diverging"
    if max(losses) > first * 1.05:
        return "diverging"
    elif losses[-1] > 0.9 * first:
        return "slow"
    else:
        return "converging"


def plot_learning_rates(results):
    ax = plt.figure().add_subplot()
    for lr, losses in sorted(results.items()):
        ax.plot(range(1, len(losses) + 1), losses, "x--")
    ax.legend([str(lr) for lr in sorted(results)], title="learning rate")
    ax.set(xlabel="number of the loss", ylabel="mean loss", yscale="log")
    return ax
