"""Only nan is asked for: if the first loss is infinite, no other is more than 1.05 times that.

Fails: test_infinite_is_diverging.
"""


def compare_learning_rates(model, loader, criterion, learning_rates, num_epochs=5):
    results = {}
    for rate in learning_rates:
        net = copy.deepcopy(model)
        opt = optim.SGD(net.parameters(), lr=rate)
        losses = [mean_loss(net, loader, criterion)]
        for _ in range(num_epochs):
            total = 0.0
            for x, y in loader:
                opt.zero_grad()
                loss = criterion(net(x), y)
                loss.backward()
                opt.step()
                total += loss.item() * len(x)
            losses.append(total / len(loader.dataset))
        results[rate] = losses
    return results


def convergence(losses):
    if any(math.isnan(l) or l > 1.05 * losses[0] for l in losses):
        return "diverging"
    return "converging" if losses[-1] <= 0.9 * losses[0] else "slow"


def plot_learning_rates(results):
    fig, ax = plt.subplots()
    for rate, losses in results.items():
        ax.plot(losses, label=f"lr = {rate}")
    ax.set_xlabel("epoch")
    ax.set_ylabel("loss")
    ax.legend()
    return ax
