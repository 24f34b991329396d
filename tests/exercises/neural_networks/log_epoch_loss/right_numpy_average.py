# Weighted average by numpy; per-batch lines in between.
import numpy as np


def train_with_log(model, loader, criterion, optimizer, num_epochs):
    model.train()
    losses = []
    for epoch in range(num_epochs):
        batch_losses, batch_sizes = [], []
        for i, (data, target) in enumerate(loader):
            optimizer.zero_grad()
            output = model(data)
            loss = criterion(output, target)
            loss.backward()
            optimizer.step()
            batch_losses.append(loss.item())
            batch_sizes.append(len(data))
            print(f"    batch {i + 1}: {loss.item():.3f}")
        losses.append(np.average(batch_losses, weights=batch_sizes))
        print("Epoch: %d | loss = %.6f" % (epoch + 1, losses[-1]))
    return losses
