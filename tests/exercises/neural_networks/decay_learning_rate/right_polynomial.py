# PolynomialLR, written with a helper for one epoch.
def one_epoch(model, loader, criterion, optimizer):
    losses = []
    for x, y in loader:
        model.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        losses += [loss.item()] * len(x)
    return sum(losses) / len(losses)


def train_with_lr_decay(model, loader, criterion, optimizer, num_epochs):
    schedule = optim.lr_scheduler.PolynomialLR(optimizer, total_iters=num_epochs, power=2.0)
    lr, loss = [], []
    for _ in range(num_epochs):
        lr += schedule.get_last_lr()[:1]
        loss += [one_epoch(model, loader, criterion, optimizer)]
        schedule.step()
    return {"lr": lr, "loss": loss}
