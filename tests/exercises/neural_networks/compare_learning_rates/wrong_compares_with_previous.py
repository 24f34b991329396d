"""Each loss is compared with the one before it: a small rise late in training then counts as diverging.

Fails: test_converging, test_infinite_is_diverging, test_slow.
"""


def compare_learning_rates(model, loader, criterion, learning_rates, num_epochs=5):
    results = {}
    for lr in learning_rates:
        trained = copy.deepcopy(model)
        losses = [mean_loss(trained, loader, criterion)]
        for epoch in range(num_epochs):
            total = 0.0
            for inputs, targets in loader:
                trained.zero_grad()
                loss = criterion(trained(inputs), targets)
                loss.backward()
                with torch.no_grad():
                    for p in trained.parameters():
                        p -= lr * p.grad
                total += loss.item() * len(inputs)
            losses.append(total / len(loader.dataset))
        results[lr] = losses
    return results


def convergence(losses):
    for before, after in zip(losses, losses[1:]):
        if not math.isfinite(after) or after > 1.05 * before:
            return "diverging"
    return "converging" if losses[-1] <= 0.9 * losses[0] else "slow"


def plot_learning_rates(results):
    fig, ax = plt.subplots()
    for lr, losses in results.items():
        ax.plot(losses, label=f"lr = {lr}")
    ax.set_xlabel("epoch")
    ax.set_ylabel("loss")
    ax.legend()
    return ax
