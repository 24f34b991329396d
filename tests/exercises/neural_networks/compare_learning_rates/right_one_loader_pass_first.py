# All rates side by side: their copies are made first and trained together, epoch by epoch.
def compare_learning_rates(model, loader, criterion, learning_rates, num_epochs=5):
    nets = {lr: copy.deepcopy(model) for lr in learning_rates}
    optimizers = {lr: optim.SGD(net.parameters(), lr=lr, momentum=0) for lr, net in nets.items()}
    results = {lr: [mean_loss(net, loader, criterion)] for lr, net in nets.items()}
    for _ in range(num_epochs):
        sums = {lr: 0.0 for lr in learning_rates}
        number = 0
        for inputs, targets in loader:
            number += inputs.shape[0]
            for lr, net in nets.items():
                optimizers[lr].zero_grad()
                loss = criterion(net(inputs), targets)
                loss.backward()
                optimizers[lr].step()
                sums[lr] += loss.item() * inputs.shape[0]
        for lr in learning_rates:
            results[lr].append(sums[lr] / number)
    return results


def convergence(losses: list[float]) -> str:
    if any(math.isnan(x) for x in losses):
        return "diverging"
    if max(losses) == float("inf") or max(losses) > 1.05 * losses[0]:
        return "diverging"
    if losses[-1] / losses[0] <= 0.9:
        return "converging"
    return "slow"


def plot_learning_rates(results):
    ax = plt.subplots()[1]
    lines = []
    for lr in results:
        (line,) = ax.loglog([n + 1 for n in range(len(results[lr]))], results[lr])
        lines.append(line)
    ax.legend(lines, [f"learning rate: {lr:g}" for lr in results])
    plt.setp(ax, xlabel="epoch + 1", ylabel="loss")
    return ax
