"""The training loader always has batches of 64.

Fails: test_batch_size.
"""


def make_loaders(dataset, val_fraction=0.2, batch_size=64, seed=0):
    n_val = int(len(dataset) * val_fraction)
    n_train = len(dataset) - n_val
    generator = torch.Generator().manual_seed(seed)
    train_set, val_set = torch.utils.data.random_split(dataset, [n_train, n_val], generator=generator)
    train_loader = DataLoader(train_set, batch_size=64, shuffle=True)
    val_loader = DataLoader(val_set, batch_size=batch_size)
    return train_loader, val_loader


def accuracy(model, loader):
    training = model.training
    model.eval()
    correct = 0
    total = 0
    with torch.no_grad():
        for x, y in loader:
            predicted = model(x).argmax(dim=1)
            correct += (predicted == y).sum().item()
            total += len(y)
    model.train(training)
    return correct / total


def train_with_validation(model, train_loader, val_loader, criterion, optimizer, num_epochs):
    train_loss = []
    val_accuracy = []
    for epoch in range(num_epochs):
        model.train()
        running_loss = 0.0
        samples = 0
        for x, y in train_loader:
            optimizer.zero_grad()
            loss = criterion(model(x), y)
            loss.backward()
            optimizer.step()
            running_loss += loss.item() * len(y)
            samples += len(y)
        train_loss.append(running_loss / samples)
        val_accuracy.append(accuracy(model, val_loader))
    return {"train_loss": train_loss, "val_accuracy": val_accuracy}
