# Five optimizers, looked up in torch.optim; the names are sorted by their last losses.
def compare_optimizers(model, loader, criterion, num_epochs=5, lr=0.001):
    results = {}
    for kind in ["AdamW", "RMSprop", "Adagrad", "SGD", "Adam"]:
        trained = copy.deepcopy(model)
        optimizer = getattr(torch.optim, kind)(trained.parameters(), lr=lr)
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
        results[kind.lower()] = losses
    return results


def best_optimizer(results):
    return sorted(results.items(), key=lambda item: item[1][-1])[0][0]
