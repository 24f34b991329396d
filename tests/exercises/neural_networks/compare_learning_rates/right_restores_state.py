# Trains the model itself, from a saved copy of its state, which is put back at the end.
def compare_learning_rates(model, loader, criterion, learning_rates, num_epochs=5):
    start = copy.deepcopy(model.state_dict())
    n = len(loader.dataset)
    results = {}
    for lr in learning_rates:
        model.load_state_dict(start)
        optimizer = optim.SGD(model.parameters(), lr=lr)
        history = []
        with torch.no_grad():
            history.append(sum(criterion(model(x), y).item() * x.size(0) for x, y in loader) / n)
        for _ in range(num_epochs):
            running = 0.0
            for x, y in loader:
                loss = criterion(model(x), y)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                running += loss.item() * x.size(0)
            history.append(running / n)
        results[lr] = history
    model.load_state_dict(start)
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
