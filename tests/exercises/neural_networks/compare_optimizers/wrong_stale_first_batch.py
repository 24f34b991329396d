"""The gradients are cleared only after each step: what the model held before the call goes into the first
one.

Fails: test_old_gradients.
"""


def compare_optimizers(model, loader, criterion, num_epochs=5, lr=0.001):
    results = {}
    start = copy.deepcopy(model.state_dict())
    for name, make in {"sgd": optim.SGD, "adam": optim.Adam, "rmsprop": optim.RMSprop}.items():
        trained = model
        trained.load_state_dict(start)
        optimizer = make(trained.parameters(), lr=lr)
        losses = []
        for epoch in range(num_epochs):
            total = 0.0
            for inputs, targets in loader:
                loss = criterion(trained(inputs), targets)
                loss.backward()
                optimizer.step()
                optimizer.zero_grad()
                total += loss.item() * len(inputs)
            losses.append(total / len(loader.dataset))
        results[name] = losses
    model.load_state_dict(start)
    return results


def best_optimizer(results):
    return min(results, key=lambda name: results[name][-1])
