# random_split with fractions; softmax before argmax; numpy means; more columns than asked for.
import numpy as np
from torch.utils.data import random_split


def make_loaders(dataset, val_fraction=0.2, batch_size=64, seed=0):
    parts = random_split(
        dataset, [1 - val_fraction, val_fraction], generator=torch.Generator().manual_seed(seed)
    )
    train_loader, val_loader = (DataLoader(part, batch_size=batch_size, shuffle=True) for part in parts)
    return train_loader, val_loader


@torch.no_grad()
def accuracy(model, loader):
    mode = model.training
    model.train(False)
    right = [(torch.softmax(model(x), dim=1).argmax(dim=1) == y).float().numpy() for x, y in loader]
    model.train(mode)
    return np.concatenate(right).mean()


def train_with_validation(model, train_loader, val_loader, criterion, optimizer, num_epochs):
    losses, accuracies, train_accuracies = [], [], []
    for _ in range(num_epochs):
        model.train()
        total, n = 0.0, 0
        for x, y in train_loader:
            optimizer.zero_grad()
            loss = criterion(model(x), y)
            loss.backward()
            optimizer.step()
            total += loss.item() * x.size(0)
            n += x.size(0)
        losses.append(total / n)
        accuracies.append(accuracy(model, val_loader))
        train_accuracies.append(accuracy(model, train_loader))
    return {"train_loss": losses, "val_accuracy": accuracies, "train_accuracy": train_accuracies}
