# Both models become vectors; gradients are cloned after the first pass.
def compare_retain_graph(model, x, target, criterion, num_steps=5, lr=0.1):
    results, vectors = {}, []
    for name in ["default", "retained"]:
        net = copy.deepcopy(model)
        opt = optim.SGD(net.parameters(), lr)
        results[name] = []
        for _ in range(num_steps):
            loss = criterion(net(x), target)
            opt.zero_grad()
            loss.backward(retain_graph=(name == "retained"))
            opt.step()
            results[name].append(loss.detach().item())
        vectors.append(nn.utils.parameters_to_vector(net.parameters()))
    results["max_weight_difference"] = (vectors[0] - vectors[1]).abs().max().item()
    return results


def backward_twice(model, x, target, criterion, retain_graph):
    net = copy.deepcopy(model)
    net.zero_grad()
    loss = criterion(net(x), target)
    loss.backward(retain_graph=retain_graph)
    before = [p.grad.clone() for p in net.parameters() if p.grad is not None]
    try:
        loss.backward(retain_graph=True)
    except RuntimeError:
        return None
    after = [p.grad for p in net.parameters() if p.grad is not None]
    return (sum(g.abs().sum() for g in after) / sum(g.abs().sum() for g in before)).item()
