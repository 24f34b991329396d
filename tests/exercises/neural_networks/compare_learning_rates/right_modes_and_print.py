# Eval mode for the first loss, train mode for the rest, and lines printed along the way.
def compare_learning_rates(model, loader, criterion, learning_rates, num_epochs=5):
    def evaluate(m):
        m.eval()
        tot, n = 0.0, 0
        with torch.inference_mode():
            for xb, yb in loader:
                tot += criterion(m(xb), yb).item() * xb.size(0)
                n += xb.size(0)
        m.train()
        return tot / n

    out = {}
    for lr in learning_rates:
        m = copy.deepcopy(model)
        m.train()
        opt = torch.optim.SGD(m.parameters(), lr)
        hist = [evaluate(m)]
        for ep in range(1, num_epochs + 1):
            tot = n = 0
            for i, (xb, yb) in enumerate(loader):
                pred = m(xb)
                loss = criterion(pred, yb)
                opt.zero_grad()
                loss.backward()
                opt.step()
                tot += loss.detach().item() * xb.shape[0]
                n += xb.shape[0]
            hist.append(tot / n)
        out[lr] = hist
        print(f"lr {lr}: {hist}")
    return out


def convergence(losses):
    if any(not math.isfinite(loss) or loss > 1.05 * losses[0] for loss in losses):
        return "diverging"
    if losses[-1] <= 0.9 * losses[0]:
        return "converging"
    return "slow"


def plot_learning_rates(results):
    plt.figure()
    for (lr, losses), style in zip(results.items(), ["-", "--", ":", "-."] * 5):
        plt.plot(np.array(losses), linestyle=style, label="η=" + str(lr))
    plt.yscale("log")
    plt.xlabel("Epoch")
    plt.ylabel("Loss")
    plt.legend(title="lr")
    plt.tight_layout()
    ax = plt.gca()
    plt.show()
    return ax


import numpy as np
