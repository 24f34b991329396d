# Numpy draws the split and rounds it up; predictions and labels are collected and compared at the end.
import math
import numpy as np


def make_loaders(dataset, val_fraction=0.2, batch_size=64, seed=0):
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(dataset))
    n_val = math.ceil(len(dataset) * val_fraction)
    val = Subset(dataset, sorted(order[:n_val].tolist()))
    train = Subset(dataset, order[n_val:].tolist())
    return [
        DataLoader(train, batch_size=batch_size, shuffle=True),
        DataLoader(val, batch_size=batch_size, shuffle=False),
    ]


def accuracy(model, loader):
    modes = {module: module.training for module in model.modules()}
    model.eval()
    predictions, truth = [], []
    with torch.no_grad():
        for x, y in loader:
            predictions.extend(model(x).argmax(1).tolist())
            truth.extend(y.tolist())
    for module, mode in modes.items():
        module.training = mode
    return sum(p == t for p, t in zip(predictions, truth)) / len(truth)


def train_with_validation(model, train_loader, val_loader, criterion, optimizer, num_epochs):
    def epoch():
        model.train()
        total = torch.zeros(())
        count = 0
        for x, y in train_loader:
            optimizer.zero_grad()
            loss = criterion(model(x), y)
            loss.backward()
            optimizer.step()
            total += loss.detach() * len(y)
            count += len(y)
        return (total / count).item(), accuracy(model, val_loader)

    pairs = [epoch() for _ in range(num_epochs)]
    return {"train_loss": [loss for loss, _ in pairs], "val_accuracy": [share for _, share in pairs]}
