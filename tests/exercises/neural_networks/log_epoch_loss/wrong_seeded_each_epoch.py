"""The random number generator is seeded in every epoch, so a loader that shuffles gives the same order each time.

Fails: test_loader_each_epoch.
"""


def train_with_log(model, loader, criterion, optimizer, num_epochs):
    losses = []
    model.train()
    for epoch in range(num_epochs):
        torch.manual_seed(0)
        total, samples = 0.0, 0
        for x, y in loader:
            optimizer.zero_grad()
            loss = criterion(model(x), y)
            loss.backward()
            optimizer.step()
            total += loss.item() * len(x)
            samples += len(x)
        losses.append(total / samples)
        print(f"epoch {epoch + 1}: loss {losses[-1]:.4f}")
    return losses
