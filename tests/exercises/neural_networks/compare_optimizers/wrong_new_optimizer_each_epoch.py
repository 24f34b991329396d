"""A new optimizer is made in every epoch: Adam and RMSprop forget what they had remembered.

Fails: test_adam, test_rmsprop.
"""


def compare_optimizers(model, loader, criterion, num_epochs=5, lr=0.001):
    results = {}
    for name, make in {"sgd": optim.SGD, "adam": optim.Adam, "rmsprop": optim.RMSprop}.items():
        trained = copy.deepcopy(model)
        losses = []
        for epoch in range(num_epochs):
            optimizer = make(trained.parameters(), lr=lr)
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
