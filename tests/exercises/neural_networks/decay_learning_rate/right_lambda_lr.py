# LambdaLR with 1 / (1 + epoch); sums over samples, counted along the way.
def train_with_lr_decay(model, loader, criterion, optimizer, num_epochs):
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda epoch: 1 / (1 + epoch))
    history = {"lr": [], "loss": []}
    for epoch in range(num_epochs):
        history["lr"].append(optimizer.param_groups[0]["lr"])
        total, count = 0.0, 0
        for inputs, targets in loader:
            optimizer.zero_grad()
            loss = criterion(model(inputs), targets)
            loss.backward()
            optimizer.step()
            total += loss.item() * inputs.size(0)
            count += inputs.size(0)
        history["loss"].append(total / count)
        scheduler.step()
    return history
