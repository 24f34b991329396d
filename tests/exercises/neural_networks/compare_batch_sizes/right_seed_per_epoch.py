# Each epoch has a seed of its own, made of `seed` and its number; numpy shuffles, numpy averages.
import numpy as np


def compare_batch_sizes(model, dataset, batch_sizes, num_epochs=3, lr=0.01, seed=0):
    results = {}
    for batch_size in batch_sizes:
        net = copy.deepcopy(model).train()
        opt = optim.SGD(net.parameters(), lr=lr)
        losses, lengths_of_all = [], []
        for epoch in range(num_epochs):
            order = np.random.default_rng([seed, epoch]).permutation(len(dataset)).tolist()
            values, lengths = [], []
            for x, y in DataLoader(Subset(dataset, order), batch_size=batch_size):
                opt.zero_grad()
                loss = F.cross_entropy(net(x), y)
                loss.backward()
                opt.step()
                values.append(loss.item())
                lengths.append(len(y))
            losses.append(np.average(values, weights=lengths))
            lengths_of_all += lengths
        results[batch_size] = {"loss": losses, "num_updates": len(lengths_of_all)}
    return results
