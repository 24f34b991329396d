"""The rate follows the loss: where that stays the same, so does the rate.

Fails: test_falls.
"""


def train_with_lr_decay(model, loader, criterion, optimizer, num_epochs):
    start = [group["lr"] for group in optimizer.param_groups]
    history = {"lr": [], "loss": []}
    for epoch in range(num_epochs):
        history["lr"].append(optimizer.param_groups[0]["lr"])
        total = 0.0
        for inputs, targets in loader:
            optimizer.zero_grad()
            loss = criterion(model(inputs), targets)
            loss.backward()
            optimizer.step()
            total += loss.item() * len(inputs)
        history["loss"].append(total / len(loader.dataset))
        for group, lr in zip(optimizer.param_groups, start):
            group["lr"] = min(group["lr"], lr * history["loss"][-1] / history["loss"][0])
    return history
