# StepLR; the rate is asked of the scheduler.
def train_with_lr_decay(model, loader, criterion, optimizer, num_epochs):
    scheduler = optim.lr_scheduler.StepLR(optimizer, step_size=3, gamma=0.1)
    history = {"lr": [], "loss": []}
    for epoch in range(num_epochs):
        history["lr"].append(scheduler.get_last_lr()[0])
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
