"""The gradients are cleared once per epoch: each step follows the sum of the gradients of all batches
since then.

Fails: x.
"""


def compare_optimizers(model, loader, criterion, num_epochs=5, lr=0.001):
    results = {}
    for name, make in {"sgd": optim.SGD, "adam": optim.Adam, "rmsprop": optim.RMSprop}.items():
        trained = copy.deepcopy(model)
        optimizer = make(trained.parameters(), lr=lr)
        losses = []
        for epoch in range(num_epochs):
            total = 0.0
            optimizer.zero_grad()
            for inputs, targets in loader:
                loss = criterion(trained(inputs), targets)
                loss.backward()
                optimizer.step()
                total += loss.item() * len(inputs)
            losses.append(total / len(loader.dataset))
        results[name] = losses
    return results


def best_optimizer(results):
    return min(results, key=lambda name: results[name][-1])
