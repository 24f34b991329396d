"""One and the same model is trained with all learning rates: each of them goes on where the one before has
stopped. Make a new copy of the model for each rate.

Fails: test_loss_before_training, test_several_batches, test_order_of_rates, test_model_unchanged.
"""


def compare_learning_rates(model, loader, criterion, learning_rates, num_epochs=5):
    results = {}
    for lr in learning_rates:
        trained = model
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
    ax.legend()
    return ax
