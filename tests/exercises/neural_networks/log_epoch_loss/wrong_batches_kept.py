"""The batches are read once and used again in every epoch: a loader that shuffles cannot do so any more.

Fails: test_loader_each_epoch.
"""


def train_with_log(model, loader, criterion, optimizer, num_epochs):
    history = []
    model.train()
    batches = list(loader)
    for epoch in range(num_epochs):
        total, samples = 0.0, 0
        for x, y in batches:
            optimizer.zero_grad()
            loss = criterion(model(x), y)
            loss.backward()
            optimizer.step()
            total += loss.item() * len(x)
            samples += len(x)
        history.append(total / samples)
        print(f"epoch {epoch + 1}: loss {history[-1]:.4f}")
    return history
