# Full batches are summed up, and the smaller last one is weighted.
def train_with_log(model, loader, criterion, optimizer, num_epochs):
    model.train()
    number = len(loader.dataset)
    history = []
    for epoch in range(num_epochs):
        total = 0.0
        for x, y in loader:
            optimizer.zero_grad()
            loss = criterion(model(x), y)
            loss.backward()
            optimizer.step()
            total += loss.item() * (len(x) / number)
        history.append(total)
        print(f"epoch={epoch + 1} loss={total:.5f} lr={optimizer.param_groups[0]['lr']}")
    return history
