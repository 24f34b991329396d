# LinearLR from the whole rate down to a tenth; np.average over the batches.
import numpy as np


def train_with_lr_decay(model, loader, criterion, optimizer, num_epochs):
    scheduler = optim.lr_scheduler.LinearLR(
        optimizer, start_factor=1.0, end_factor=0.1, total_iters=num_epochs
    )
    history = {"lr": [], "loss": []}
    for epoch in range(num_epochs):
        history["lr"].append(optimizer.param_groups[0]["lr"])
        losses, sizes = [], []
        for inputs, targets in loader:
            optimizer.zero_grad()
            loss = criterion(model(inputs), targets)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            sizes.append(len(targets))
        history["loss"].append(np.average(losses, weights=sizes))
        scheduler.step()
    return history
