# Constant for some epochs, then falling: two schedulers in a sequence.
def train_with_lr_decay(model, loader, criterion, optimizer, num_epochs):
    scheduler = optim.lr_scheduler.SequentialLR(
        optimizer,
        [
            optim.lr_scheduler.ConstantLR(optimizer, factor=1.0),
            optim.lr_scheduler.ExponentialLR(optimizer, gamma=0.7),
        ],
        milestones=[4],
    )
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
        scheduler.step()
    return history
