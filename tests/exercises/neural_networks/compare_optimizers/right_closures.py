# Steps with closures, and the winner by a comprehension over the last losses.
def compare_optimizers(model, loader, criterion, num_epochs=5, lr=0.001):
    results = {}
    for name, make in {"sgd": optim.SGD, "adam": optim.Adam, "rmsprop": optim.RMSprop}.items():
        trained = copy.deepcopy(model)
        optimizer = make(trained.parameters(), lr=lr)
        losses = []
        for epoch in range(num_epochs):
            total = 0.0
            for inputs, targets in loader:

                def closure():
                    optimizer.zero_grad()
                    loss = criterion(trained(inputs), targets)
                    loss.backward()
                    return loss

                loss = optimizer.step(closure)
                total += loss.item() * len(inputs)
            losses.append(total / len(loader.dataset))
        results[name] = losses
    return results


def best_optimizer(results):
    return [name for name in results if all(results[name][-1] <= other[-1] for other in results.values())][0]
