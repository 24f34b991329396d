"""`optimizer.defaults` is only for groups that are added later: the rate in use stands in
`optimizer.param_groups`.

Fails: test_falls, test_reports_used_rate.
"""


def train_with_lr_decay(model, loader, criterion, optimizer, num_epochs):
    history = {"lr": [], "loss": []}
    for epoch in range(num_epochs):
        history["lr"].append(optimizer.defaults["lr"])
        total = 0.0
        for inputs, targets in loader:
            optimizer.zero_grad()
            loss = criterion(model(inputs), targets)
            loss.backward()
            optimizer.step()
            total += loss.item() * len(inputs)
        history["loss"].append(total / len(loader.dataset))
        optimizer.defaults["lr"] *= 0.9
    return history
