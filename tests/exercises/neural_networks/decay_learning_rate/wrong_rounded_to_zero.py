"""The halved rate is rounded to four digits: a small one soon is 0.

Fails: test_stays_above_zero.
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
        for group in optimizer.param_groups:
            group["lr"] = round(group["lr"] * 0.5, 4)
    return history
