# A running mean, updated batch by batch.
def train_with_log(model, loader, criterion, optimizer, num_epochs):
    model.train()
    history = []
    for epoch in range(num_epochs):
        mean, seen = 0.0, 0
        for x, y in loader:
            optimizer.zero_grad()
            loss = criterion(model(x), y)
            loss.backward()
            optimizer.step()
            seen += len(x)
            mean += (loss.item() - mean) * len(x) / seen
        history += [mean]
        print("Epoch", epoch + 1, "-", "loss:", f"{mean:8.4f}", flush=True)
    return history
