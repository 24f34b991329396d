# Batches cut from a random permutation by hand, and SGD by hand: no loader, no optimizer.
def compare_batch_sizes(model, dataset, batch_sizes, num_epochs=3, lr=0.01, seed=0):
    inputs = torch.stack([dataset[i][0] for i in range(len(dataset))])
    labels = torch.tensor([int(dataset[i][1]) for i in range(len(dataset))])
    n = len(dataset)
    results = {}
    for b in batch_sizes:
        rng = torch.Generator().manual_seed(seed)
        net = copy.deepcopy(model)
        net.train()
        losses, steps = [], 0
        for _ in range(num_epochs):
            order = torch.randperm(n, generator=rng)
            epoch_sum = 0.0
            for chosen in order.split(b):
                net.zero_grad()
                loss = nn.functional.cross_entropy(net(inputs[chosen]), labels[chosen])
                loss.backward()
                with torch.no_grad():
                    for p in net.parameters():
                        p -= lr * p.grad
                epoch_sum += float(loss) * len(chosen)
                steps += 1
            losses.append(epoch_sum / n)
        results[b] = {"loss": losses, "num_updates": steps}
    return results
