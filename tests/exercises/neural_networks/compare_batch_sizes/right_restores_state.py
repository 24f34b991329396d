# No copy: the model itself is trained, and gets its state and its mode back for and after each batch size.
def compare_batch_sizes(model, dataset, batch_sizes, num_epochs=3, lr=0.01, seed=0):
    start = copy.deepcopy(model.state_dict())
    mode = model.training
    results = dict()
    for size in batch_sizes:
        model.load_state_dict(start)
        model.train()
        torch.manual_seed(seed)
        optimizer = optim.SGD(model.parameters(), lr=lr)
        loader = DataLoader(dataset, size, shuffle=True)
        entry = {"loss": [], "num_updates": 0}
        for _ in range(num_epochs):
            summed = torch.zeros(())
            for data, target in loader:
                optimizer.zero_grad()
                loss = F.cross_entropy(model(data), target)
                loss.backward()
                optimizer.step()
                entry["num_updates"] += 1
                summed += loss.detach() * target.shape[0]
            entry["loss"].append((summed / len(dataset)).item())
        results[size] = entry
    model.load_state_dict(start)
    model.train(mode)
    return results
