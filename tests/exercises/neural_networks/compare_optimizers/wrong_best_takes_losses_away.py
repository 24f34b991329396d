"""The last losses are taken out of the lists with `pop`: afterwards they are missing there.

Fails: test_best.
"""


def compare_optimizers(model, loader, criterion, num_epochs=5, lr=0.001):
    makers = {"sgd": optim.SGD, "adam": optim.Adam, "rmsprop": optim.RMSprop}
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
    last = {name: losses.pop() for name, losses in results.items()}
    return min(last, key=last.get)
