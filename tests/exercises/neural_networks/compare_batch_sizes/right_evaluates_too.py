# Looks at the whole data set after each epoch as well, without gradients; helper functions of its own.
def full_loss(net, dataset):
    net.eval()
    with torch.no_grad():
        batches = [(net(x), y) for x, y in DataLoader(dataset, batch_size=128)]
    net.train()
    return sum(F.cross_entropy(out, y, reduction="sum").item() for out, y in batches) / len(dataset)


def one_epoch(net, loader, optimizer):
    total = 0
    count = 0
    for x, y in loader:
        optimizer.zero_grad()
        loss = nn.CrossEntropyLoss(reduction="mean")(net(x), y)
        loss.backward()
        optimizer.step()
        total = total + loss.item() * len(y)
        count = count + len(y)
    return total / count, len(loader)


def compare_batch_sizes(model, dataset, batch_sizes, num_epochs=3, lr=0.01, seed=0):
    results = {}
    for size in batch_sizes:
        net = copy.deepcopy(model)
        net.train()
        torch.manual_seed(seed)
        loader = DataLoader(dataset, size, True)
        optimizer = optim.SGD(params=net.parameters(), lr=lr, momentum=0)
        results[size] = {"loss": [], "num_updates": 0, "after": []}
        for _ in range(num_epochs):
            loss, updates = one_epoch(net, loader, optimizer)
            results[size]["loss"].append(loss)
            results[size]["num_updates"] += updates
            results[size]["after"].append(full_loss(net, dataset))
    return results
