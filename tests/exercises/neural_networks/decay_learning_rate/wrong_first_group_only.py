"""Only the first of the parameter groups gets a lower rate: the others stay as they are.

Fails: test_all_groups.
"""


def train_with_lr_decay(model, loader, criterion, optimizer, num_epochs):
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
        optimizer.param_groups[0]["lr"] *= 0.9
    return history
