# A further line in the plot, at the loss before training.
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
    if any(not math.isfinite(loss) or loss > 1.05 * losses[0] for loss in losses):
        return "diverging"
    if losses[-1] <= 0.9 * losses[0]:
        return "converging"
    return "slow"


def plot_learning_rates(results):
    fig, ax = plt.subplots()
    for lr, losses in results.items():
        ax.plot(losses, label=f"lr = {lr}")
    ax.set_xlabel("epoch")
    ax.set_ylabel("loss")
    ax.axhline(results[list(results)[0]][0], ls=":", color="k", label="before training")
    ax.legend()
    return ax
