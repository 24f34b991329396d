# A fourth optimizer, with momentum, under a name of its own.
def compare_optimizers(model, loader, criterion, num_epochs=5, lr=0.001):
    results = {}
    for name, make in {
        "sgd": optim.SGD,
        "adam": optim.Adam,
        "rmsprop": optim.RMSprop,
        "nesterov": lambda p, lr: optim.SGD(p, lr=lr, momentum=0.9, nesterov=True),
    }.items():
        trained = copy.deepcopy(model)
        optimizer = make(trained.parameters(), lr=lr)
        losses = []
        for epoch in range(num_epochs):
            total = 0.0
            for inputs, targets in loader:
                optimizer.zero_grad()
                loss = criterion(trained(inputs), targets)
                loss.backward()
                optimizer.step()
                total += loss.item() * len(inputs)
            losses.append(total / len(loader.dataset))
        results[name] = losses
    return results


def best_optimizer(results):
    return min(results, key=lambda name: results[name][-1])
