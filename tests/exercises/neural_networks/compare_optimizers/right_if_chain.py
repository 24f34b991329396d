# The optimizer is chosen by its name; the winner is found in a loop.
def compare_optimizers(model, loader, criterion, num_epochs=5, lr=0.001):
    results = {}
    for name in ["sgd", "adam", "rmsprop"]:
        trained = copy.deepcopy(model)
        if name == "sgd":
            optimizer = optim.SGD(trained.parameters(), lr=lr)
        elif name == "adam":
            optimizer = optim.Adam(trained.parameters(), lr=lr)
        else:
            optimizer = optim.RMSprop(trained.parameters(), lr=lr)
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
    best_name, best_loss = None, float("inf")
    for name, losses in results.items():
        if losses[-1] < best_loss:
            best_name, best_loss = name, losses[-1]
    return best_name
