# A RandomSampler, the number of updates by a formula, and the results sorted by batch size.
import math


def compare_batch_sizes(model, dataset, batch_sizes, num_epochs=3, lr=0.01, seed=0):
    results = {}
    for batch_size in sorted(batch_sizes, reverse=True):
        generator = torch.Generator().manual_seed(seed)
        sampler = torch.utils.data.RandomSampler(dataset, generator=generator)
        loader = DataLoader(dataset, batch_size=batch_size, sampler=sampler, drop_last=False)
        trained = copy.deepcopy(model)
        trained.train(True)
        sgd = optim.SGD(trained.parameters(), lr)
        losses = []
        for epoch in range(num_epochs):
            weighted = []
            for x, y in loader:
                sgd.zero_grad(set_to_none=False)
                loss = nn.CrossEntropyLoss()(trained(x), y)
                loss.backward()
                sgd.step()
                weighted.append(loss.item() * y.numel())
            losses.append(sum(weighted) / len(dataset))
        updates = math.ceil(len(dataset) / batch_size) * num_epochs
        results[batch_size] = {"loss": losses, "num_updates": updates}
    return results
