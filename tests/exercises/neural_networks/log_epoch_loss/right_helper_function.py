# A helper for one epoch.
def run_epoch(model, loader, criterion, optimizer):
    total = count = 0
    for batch in loader:
        x, y = batch
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(x)
        count += len(x)
    return total / count


def train_with_log(model, loader, criterion, optimizer, num_epochs):
    model.train()
    log = []
    for epoch in range(num_epochs):
        log.append(run_epoch(model, loader, criterion, optimizer))
        print({"epoch": epoch, "loss": round(log[-1], 4)})
    return log
