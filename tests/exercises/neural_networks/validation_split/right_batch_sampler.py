# A BatchSampler for the training part; torch.max finds the answers.
def make_loaders(dataset, val_fraction=0.2, batch_size=64, seed=0):
    n = len(dataset)
    nv = int(n * val_fraction)
    torch.manual_seed(seed)
    tr, va = torch.utils.data.random_split(dataset, [n - nv, nv])
    return DataLoader(
        tr, batch_sampler=torch.utils.data.BatchSampler(torch.utils.data.RandomSampler(tr), batch_size, False)
    ), DataLoader(va, batch_size=batch_size, shuffle=False)


def accuracy(model, loader):
    m = model.training
    model.eval()
    c = 0
    t = 0
    with torch.no_grad():
        for x, y in loader:
            p = torch.max(model(x).data, 1)[1]
            c += (p == y).sum().item()
            t += y.size(0)
    model.train(m)
    return c / t


def train_with_validation(model, train_loader, val_loader, criterion, optimizer, num_epochs):
    h = {"train_loss": [], "val_accuracy": []}
    for e in range(num_epochs):
        model.train()
        s = 0.0
        for x, y in train_loader:
            optimizer.zero_grad()
            l = criterion(model(x), y)
            l.backward()
            optimizer.step()
            s += l.item() * x.size(0)
        h["train_loss"].append(s / len(train_loader.dataset))
        h["val_accuracy"].append(accuracy(model, val_loader))
    return h
