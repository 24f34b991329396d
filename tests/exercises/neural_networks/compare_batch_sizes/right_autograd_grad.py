# torch.autograd.grad and an update by hand; the global generator gets its state back.
def compare_batch_sizes(model, dataset, batch_sizes, num_epochs=3, lr=0.01, seed=0):
    state = torch.get_rng_state()
    results = {bs: {"loss": [], "num_updates": 0} for bs in batch_sizes}
    for bs in batch_sizes:
        torch.manual_seed(seed)
        net = copy.deepcopy(model).train()
        loader = DataLoader(
            dataset, batch_size=bs, sampler=torch.utils.data.SubsetRandomSampler(range(len(dataset)))
        )
        for _ in range(num_epochs):
            per = []
            for x, y in loader:
                loss = F.cross_entropy(net(x), y, reduction="none")
                grads = torch.autograd.grad(loss.mean(), list(net.parameters()))
                with torch.no_grad():
                    for p, g in zip(net.parameters(), grads):
                        p.sub_(lr * g)
                per.append(loss.detach())
                results[bs]["num_updates"] += 1
            results[bs]["loss"].append(torch.cat(per).mean().item())
    torch.set_rng_state(state)
    return results
