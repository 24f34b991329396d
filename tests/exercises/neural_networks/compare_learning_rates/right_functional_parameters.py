# A functional model: the parameters live in a dict, are rebound by name, and the module is never touched.
def compare_learning_rates(model, loader, criterion, learning_rates, num_epochs=5):
    results = dict.fromkeys(learning_rates)
    for lr in learning_rates:
        params = {name: p.detach().clone().requires_grad_() for name, p in model.named_parameters()}
        losses = [mean_loss(model, loader, criterion)]
        for _ in range(num_epochs):
            seen = []
            for x, y in loader:
                loss = criterion(torch.func.functional_call(model, params, (x,)), y)
                grads = torch.autograd.grad(loss, list(params.values()))
                params = {
                    name: (p - lr * g).detach().requires_grad_()
                    for (name, p), g in zip(params.items(), grads)
                }
                seen += [loss.item()] * len(x)
            losses.append(sum(seen) / len(seen))
        results[lr] = losses
    return results


def convergence(losses):
    worst = 1.05 * losses[0]
    if not all(-math.inf < loss <= worst < math.inf for loss in losses):
        return "diverging"
    return ("slow", "converging")[losses[-1] <= 0.9 * losses[0]]


def plot_learning_rates(results):
    fig, ax = plt.subplots()
    for lr, losses in results.items():
        ax.plot(losses, label=f"lr = {lr}")
    ax.set_xlabel("epoch")
    ax.set_ylabel("loss")
    ax.legend()
    return ax
