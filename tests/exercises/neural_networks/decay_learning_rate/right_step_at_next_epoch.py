# The scheduler steps at the start of every epoch but the first; the rate is noted at the end of the epoch.
def train_with_lr_decay(model, loader, criterion, optimizer, num_epochs):
    scheduler = optim.lr_scheduler.ExponentialLR(optimizer, 0.95)
    lrs, losses = [], []
    for epoch in range(num_epochs):
        if epoch > 0:
            scheduler.step()
        epoch_loss = 0
        for x, y in loader:
            optimizer.zero_grad(set_to_none=False)
            output = model(x)
            loss = criterion(output, y)
            loss.backward()
            optimizer.step()
            epoch_loss += float(loss) * len(y) / len(loader.dataset)
        lrs.append(optimizer.param_groups[0]["lr"])
        losses.append(epoch_loss)
    return dict(lr=lrs, loss=losses)
