# Gradients are cleared by hand.
def compare_optimizers(model, loader, criterion, num_epochs=5, lr=0.001):
    results = {}
    for name, make in {"sgd": optim.SGD, "adam": optim.Adam, "rmsprop": optim.RMSprop}.items():
        trained = copy.deepcopy(model)
        optimizer = make(trained.parameters(), lr=lr)
        losses = []
        for epoch in range(num_epochs):
            total = 0.0
            for inputs, targets in loader:
                for p in trained.parameters():
                    p.grad = None
                loss = criterion(trained(inputs), targets)
                loss.backward()
                optimizer.step()
                total += loss.item() * len(inputs)
            losses.append(total / len(loader.dataset))
        results[name] = losses
    return results


def best_optimizer(results):
    return min(results, key=lambda name: results[name][-1])
