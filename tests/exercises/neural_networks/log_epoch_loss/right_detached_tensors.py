# Tensors are summed, detached, and become numbers at the end.
def train_with_log(model, loader, criterion, optimizer, num_epochs):
    model.train(True)
    history = [None] * num_epochs
    for epoch in range(num_epochs):
        total = torch.zeros(())
        for x, y in loader:
            optimizer.zero_grad(set_to_none=False)
            loss = criterion(model(x), y)
            loss.backward()
            optimizer.step()
            total += loss.detach() * len(y)
        history[epoch] = (total / len(loader.dataset)).item()
        print(f"[{epoch + 1:03d}] {history[epoch]:.3e}")
    return history
