"""At the end the model is put back to its best epoch, although it was to be trained for all of them.

Fails: test_what_is_trained_on.
"""


def make_loaders(dataset, val_fraction=0.2, batch_size=64, seed=0):
    num_val = int(len(dataset) * val_fraction)
    generator = torch.Generator().manual_seed(seed)
    order = torch.randperm(len(dataset), generator=generator).tolist()
    val_part, train_part = Subset(dataset, order[:num_val]), Subset(dataset, order[num_val:])
    return DataLoader(train_part, batch_size=batch_size, shuffle=True), DataLoader(
        val_part, batch_size=batch_size
    )


def accuracy(model, loader):
    was_training = model.training
    model.eval()
    right, count = 0, 0
    with torch.no_grad():
        for x, y in loader:
            right += (model(x).argmax(1) == y).sum().item()
            count += len(y)
    model.train(was_training)
    return right / count


def train_with_validation(model, train_loader, val_loader, criterion, optimizer, num_epochs):
    history = {"train_loss": [], "val_accuracy": []}
    best, kept = -1.0, None
    for _ in range(num_epochs):
        model.train()
        total, count = 0.0, 0
        for x, y in train_loader:
            optimizer.zero_grad()
            loss = criterion(model(x), y)
            loss.backward()
            optimizer.step()
            total += loss.item() * len(x)
            count += len(x)
        history["train_loss"].append(total / count)
        history["val_accuracy"].append(accuracy(model, val_loader))
        if history["val_accuracy"][-1] > best:
            best, kept = history["val_accuracy"][-1], copy.deepcopy(model.state_dict())
    model.load_state_dict(kept)
    return history
