# A list of samples, shuffled by Python's own generator; cross-entropy from log_softmax.
import random


def compare_batch_sizes(model, dataset, batch_sizes, num_epochs=3, lr=0.01, seed=0):
    results = {}
    data = [dataset[i] for i in range(len(dataset))]
    for bs in batch_sizes:
        rnd = random.Random(seed)
        net = copy.deepcopy(model)
        net.train()
        opt = optim.SGD(net.parameters(), lr)
        losses = []
        k = 0
        for _ in range(num_epochs):
            rnd.shuffle(data)
            acc = 0.0
            for start in range(0, len(data), bs):
                chunk = data[start : start + bs]
                x = torch.stack([c[0] for c in chunk])
                y = torch.tensor([int(c[1]) for c in chunk])
                logits = net(x)
                loss = -F.log_softmax(logits, 1)[torch.arange(len(y)), y].mean()
                opt.zero_grad()
                loss.backward()
                opt.step()
                acc += float(loss.detach()) * len(chunk)
                k += 1
            losses.append(acc / len(data))
        results[bs] = {"loss": losses, "num_updates": k}
    return results
