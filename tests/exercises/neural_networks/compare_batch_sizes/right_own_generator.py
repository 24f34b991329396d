# The loader gets a generator of its own; the count of updates from the number of batches.
def compare_batch_sizes(model, dataset, batch_sizes, num_epochs=3, lr=0.01, seed=0):
    loss_fn = nn.CrossEntropyLoss()

    def train(net, loader):
        optimizer = optim.SGD(net.parameters(), lr=lr)
        history = []
        for _ in range(num_epochs):
            running, seen = 0.0, 0
            for x, y in loader:
                loss = loss_fn(net(x), y)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                running += loss.item() * x.size(0)
                seen += x.size(0)
            history.append(running / seen)
        return history

    out = {}
    for bs in batch_sizes:
        g = torch.Generator()
        g.manual_seed(seed)
        loader = DataLoader(dataset, batch_size=bs, shuffle=True, generator=g)
        out[bs] = {
            "loss": train(copy.deepcopy(model).train(), loader),
            "num_updates": num_epochs * len(loader),
        }
    return out
