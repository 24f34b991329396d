# A formula of the epoch, from the rates that the groups had at first, set at the start of each epoch.
def train_with_lr_decay(model, loader, criterion, optimizer, num_epochs):
    start = [group["lr"] for group in optimizer.param_groups]
    history = {"lr": [], "loss": []}
    for epoch in range(num_epochs):
        for group, lr in zip(optimizer.param_groups, start):
            group["lr"] = lr / (1 + 0.3 * epoch)
        history["lr"].append(optimizer.param_groups[-len(start)]["lr"])
        total = 0.0
        for inputs, targets in loader:
            optimizer.zero_grad()
            loss = criterion(model(inputs), targets)
            loss.backward()
            optimizer.step()
            total += loss.item() * len(inputs)
        history["loss"].append(total / len(loader.dataset))
    return history
