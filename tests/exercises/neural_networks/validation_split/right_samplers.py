# One data set and two SubsetRandomSamplers, seeded globally; the model switches its mode in a try block.
from torch.utils.data import SubsetRandomSampler


def make_loaders(dataset, val_fraction=0.2, batch_size=64, seed=0):
    torch.manual_seed(seed)
    order = torch.randperm(len(dataset))
    n_val = int(len(dataset) * val_fraction)
    train_loader = DataLoader(dataset, batch_size=batch_size, sampler=SubsetRandomSampler(order[n_val:]))
    val_loader = DataLoader(dataset, batch_size=batch_size, sampler=SubsetRandomSampler(order[:n_val]))
    return train_loader, val_loader


def accuracy(model, loader):
    before = model.training
    try:
        model.eval()
        with torch.no_grad():
            outcomes = torch.cat([model(x).argmax(-1).eq(y) for x, y in loader])
    finally:
        model.train(before)
    return outcomes.double().mean().item()


def train_with_validation(model, train_loader, val_loader, criterion, optimizer, num_epochs):
    train_loss, val_accuracy = [], []
    for epoch in range(1, num_epochs + 1):
        model.train()
        summed, seen = 0.0, 0
        for x, y in train_loader:
            model.zero_grad()
            loss = criterion(model(x), y)
            loss.backward()
            optimizer.step()
            summed += float(loss) * len(x)
            seen += len(x)
        train_loss.append(summed / seen)
        val_accuracy.append(accuracy(model, val_loader))
        print(f"epoch {epoch}: {train_loss[-1]:.3f} {val_accuracy[-1]:.3f}")
    return {"train_loss": train_loss, "val_accuracy": val_accuracy}
