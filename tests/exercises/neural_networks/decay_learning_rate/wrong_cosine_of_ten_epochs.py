"""The cosine is made for ten epochs: in a longer training the rate is 0 after ten, and rises again.

Fails: test_never_rises, test_stays_above_zero.
"""


def train_with_lr_decay(model, loader, criterion, optimizer, num_epochs):
    scheduler = optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=10)
    history = {"lr": [], "loss": []}
    for _ in range(num_epochs):
        history["lr"].append(optimizer.param_groups[0]["lr"])
        total = 0.0
        for x, y in loader:
            optimizer.zero_grad()
            loss = criterion(model(x), y)
            loss.backward()
            optimizer.step()
            total += loss.item() * len(x)
        history["loss"].append(total / len(loader.dataset))
        scheduler.step()
    return history
