# Training and measuring share one function; the history goes without `accuracy`; topk finds the answer.
import random


def make_loaders(dataset, val_fraction=0.2, batch_size=64, seed=0):
    numbers = list(range(len(dataset)))
    random.Random(seed).shuffle(numbers)
    n_val = int(val_fraction * len(numbers) + 0.5)
    return (
        DataLoader(Subset(dataset, numbers[n_val:]), batch_size=batch_size, shuffle=True),
        DataLoader(Subset(dataset, numbers[:n_val]), batch_size=2 * batch_size),
    )


def run_epoch(model, loader, criterion=None, optimizer=None):
    model.train(optimizer is not None)
    loss_sum, correct, n = 0.0, 0, 0
    with torch.set_grad_enabled(optimizer is not None):
        for x, y in loader:
            scores = model(x)
            if optimizer is not None:
                loss = criterion(scores, y)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                loss_sum += loss.item() * len(y)
            correct += int((scores.topk(1).indices.squeeze(1) == y).sum())
            n += len(y)
    return loss_sum / n, correct / n


def accuracy(model, loader):
    training = model.training
    _, share = run_epoch(model, loader)
    model.train(training)
    return share


def train_with_validation(model, train_loader, val_loader, criterion, optimizer, num_epochs):
    result = {"train_loss": [], "val_accuracy": []}
    for _ in range(num_epochs):
        loss, _ = run_epoch(model, train_loader, criterion, optimizer)
        result["train_loss"].append(loss)
        result["val_accuracy"].append(run_epoch(model, val_loader)[1])
    return result
