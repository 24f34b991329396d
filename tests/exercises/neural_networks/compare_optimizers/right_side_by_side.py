# All optimizers go through the batches together, each with its own copy; with defaults spelt out.
def compare_optimizers(model, loader, criterion, num_epochs=5, lr=0.001):
    models = {name: copy.deepcopy(model) for name in ("sgd", "adam", "rmsprop")}
    optimizers = {
        "sgd": torch.optim.SGD(models["sgd"].parameters(), lr=lr, momentum=0, weight_decay=0),
        "adam": torch.optim.Adam(models["adam"].parameters(), lr=lr, betas=(0.9, 0.999), eps=1e-8),
        "rmsprop": torch.optim.RMSprop(models["rmsprop"].parameters(), lr=lr, alpha=0.99, momentum=0),
    }
    results = {name: [] for name in models}
    for _ in range(num_epochs):
        batches = [[] for _ in range(3)]
        weights = []
        for inputs, targets in loader:
            weights.append(len(inputs))
            for number, name in enumerate(models):
                optimizers[name].zero_grad()
                loss = criterion(models[name](inputs), targets)
                loss.backward()
                optimizers[name].step()
                batches[number].append(loss.item() * len(inputs))
        for number, name in enumerate(models):
            results[name].append(sum(batches[number]) / sum(weights))
    return results


def best_optimizer(results):
    smallest = min(losses[-1] for losses in results.values())
    for name in results:
        if results[name][-1] == smallest:
            return name
