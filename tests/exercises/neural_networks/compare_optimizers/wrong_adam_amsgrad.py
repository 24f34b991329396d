"""Adam with `amsgrad=True`: it never forgets the largest gradient, which shows when later ones are small.

Fails: test_adam.
"""


def compare_optimizers(model, loader, criterion, num_epochs=5, lr=0.001):
    makers = {
        "sgd": optim.SGD,
        "adam": lambda p, lr: optim.Adam(p, lr=lr, amsgrad=True),
        "rmsprop": optim.RMSprop,
    }
    results = {}
    for name, make in makers.items():
        net = copy.deepcopy(model)
        opt = make(net.parameters(), lr=lr)
        losses = []
        for _ in range(num_epochs):
            total = 0.0
            for x, y in loader:
                opt.zero_grad()
                loss = criterion(net(x), y)
                loss.backward()
                opt.step()
                total += loss.item() * len(x)
            losses.append(total / len(loader.dataset))
        results[name] = losses
    return results


def best_optimizer(results):
    return min(results, key=lambda name: results[name][-1])
