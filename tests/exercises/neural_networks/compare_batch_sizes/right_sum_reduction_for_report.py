# The loss is recomputed with reduction="sum" from the same outputs, for the report; more keys than asked for.
def compare_batch_sizes(model, dataset, batch_sizes, num_epochs=3, lr=0.01, seed=0):
    results = {}
    for batch_size in batch_sizes:
        clone = copy.deepcopy(model)
        clone.train()
        optimizer = optim.SGD(clone.parameters(), lr=lr)
        torch.random.manual_seed(seed)
        loader = DataLoader(dataset, batch_size=batch_size, shuffle=True)
        history = {"loss": [], "num_updates": 0, "accuracy": []}
        for _ in range(num_epochs):
            total, correct = 0.0, 0
            for x, y in loader:
                output = clone(x)
                total += F.cross_entropy(output.detach(), y, reduction="sum").item()
                correct += (output.argmax(dim=1) == y).sum().item()
                optimizer.zero_grad()
                F.cross_entropy(output, y).backward()
                optimizer.step()
                history["num_updates"] += 1
            history["loss"].append(total / len(dataset))
            history["accuracy"].append(correct / len(dataset))
        results[batch_size] = history
    return results


answers_6_1 = {"a": "16", "b": "16", "c": "more epochs", "d": "larger learning rate"}
