"""ReduceLROnPlateau lowers the rate only when the loss no longer improves: in a training that goes well it
never does.

Fails: test_falls.
"""


def train_with_lr_decay(model, loader, criterion, optimizer, num_epochs):
    scheduler = optim.lr_scheduler.ReduceLROnPlateau(optimizer, patience=0)
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
        scheduler.step(history["loss"][-1])
    return history
