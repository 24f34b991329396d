"""The learning rate grows with the batch size, measured by the first one in the list.

Fails: test_fair_start.
"""


def compare_batch_sizes(model, dataset, batch_sizes, num_epochs=3, lr=0.01, seed=0):
    results = {}
    for batch_size in batch_sizes:
        net = copy.deepcopy(model)
        net.train()
        generator = torch.Generator().manual_seed(seed)
        loader = DataLoader(dataset, batch_size=batch_size, shuffle=True, generator=generator)
        optimizer = optim.SGD(net.parameters(), lr=lr * batch_size / batch_sizes[0])
        criterion = nn.CrossEntropyLoss()
        losses, updates = [], 0
        for epoch in range(num_epochs):
            total = 0.0
            for x, y in loader:
                optimizer.zero_grad()
                loss = criterion(net(x), y)
                loss.backward()
                optimizer.step()
                updates += 1
                total += loss.item() * len(x)
            losses.append(total / len(dataset))
        results[batch_size] = {"loss": losses, "num_updates": updates}
    return results
