"""The rate is lowered only if the loss has risen: in a training that goes well it stays as it is.

Fails: test_falls.
"""


def train_with_lr_decay(model, loader, criterion, optimizer, num_epochs):
    history = {"lr": [], "loss": []}
    for epoch in range(num_epochs):
        history["lr"].append(optimizer.param_groups[0]["lr"])
        total = 0.0
        for x, y in loader:
            optimizer.zero_grad()
            loss = criterion(model(x), y)
            loss.backward()
            optimizer.step()
            total += loss.item() * len(x)
        history["loss"].append(total / len(loader.dataset))
        if epoch > 0 and history["loss"][-1] > history["loss"][-2]:
            for group in optimizer.param_groups:
                group["lr"] *= 0.5
    return history
