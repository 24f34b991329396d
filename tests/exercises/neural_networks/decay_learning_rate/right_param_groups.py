# The rates are written into all groups at the end of each epoch, without a scheduler.
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
        for group in optimizer.param_groups:
            group["lr"] *= 0.8
    return history
