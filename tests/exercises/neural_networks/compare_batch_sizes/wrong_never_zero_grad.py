"""`zero_grad()` is never called: each update also makes all earlier ones again.

Fails: test_full_batch_matches, test_small_batches_match.
"""


def compare_batch_sizes(model, dataset, batch_sizes, num_epochs=3, lr=0.01, seed=0):
    criterion = nn.CrossEntropyLoss()
    results = {}
    for batch_size in batch_sizes:
        net = copy.deepcopy(model)
        net.train()
        optimizer = optim.SGD(net.parameters(), lr=lr)
        torch.manual_seed(seed)
        loader = DataLoader(dataset, batch_size=batch_size, shuffle=True)
        losses = []
        num_updates = 0
        for epoch in range(num_epochs):
            total = 0.0
            for inputs, labels in loader:
                loss = criterion(net(inputs), labels)
                loss.backward()
                optimizer.step()
                total += loss.item() * len(inputs)
                num_updates += 1
            losses.append(total / len(dataset))
        results[batch_size] = {"loss": losses, "num_updates": num_updates}
    return results
