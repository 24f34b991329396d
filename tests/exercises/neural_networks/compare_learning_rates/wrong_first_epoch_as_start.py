"""The first loss, that before training, is left out: the losses are compared with that of epoch 1.

Fails: test_converging, test_slow, test_spike_is_diverging.
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
    start = losses[1]
    if any(not math.isfinite(loss) or loss > 1.05 * start for loss in losses[1:]):
        return "diverging"
    return "converging" if losses[-1] <= 0.9 * start else "slow"


def plot_learning_rates(results):
    fig, ax = plt.subplots()
    for lr, losses in results.items():
        ax.plot(losses, label=f"lr = {lr}")
    ax.set_xlabel("epoch")
    ax.set_ylabel("loss")
    ax.legend()
    return ax
