"""SGD with a small weight decay, which also moves weights whose gradient is 0.

Fails: test_sgd.
"""


def compare_optimizers(model, loader, criterion, num_epochs=5, lr=0.001):
    makers = {
        "sgd": lambda p, lr: optim.SGD(p, lr=lr, weight_decay=5e-4),
        "adam": optim.Adam,
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
