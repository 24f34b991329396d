"""`model.train()` stands before the first epoch, and `model.eval()` after each: from the second epoch on the model is
trained in eval mode.

Fails: test_train_mode.
"""


def train_with_log(model, loader, criterion, optimizer, num_epochs):
    losses = []
    model.train()
    for epoch in range(num_epochs):
        total, samples = 0.0, 0
        for x, y in loader:
            optimizer.zero_grad()
            loss = criterion(model(x), y)
            loss.backward()
            optimizer.step()
            total += loss.item() * len(x)
            samples += len(x)
        model.eval()
        losses.append(total / samples)
        print(f"epoch {epoch + 1}: loss {losses[-1]:.4f}")
    return losses
