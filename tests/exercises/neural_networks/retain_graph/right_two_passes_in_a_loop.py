# Both passes in one loop, with the same flag and an early return.
def compare_retain_graph(model, x, target, criterion, num_steps=5, lr=0.1):
    losses = {"default": [], "retained": []}
    copies = {}
    for arm in losses:
        copies[arm] = copy.deepcopy(model)
        optimizer = optim.SGD(copies[arm].parameters(), lr=lr)
        for _ in range(num_steps):
            optimizer.zero_grad()
            loss = criterion(copies[arm](x), target)
            loss.backward(retain_graph=arm == "retained")
            optimizer.step()
            losses[arm].append(loss.item())
    pairs = zip(copies["default"].parameters(), copies["retained"].parameters())
    difference = max((left - right).abs().max().item() for left, right in pairs)
    return {**losses, "max_weight_difference": difference}


def backward_twice(model, x, target, criterion, retain_graph):
    m = copy.deepcopy(model)
    m.zero_grad()
    l = criterion(m(x), target)
    res = []
    for i in range(2):
        try:
            l.backward(retain_graph=retain_graph)
        except RuntimeError:
            return None
        res.append(sum(float(p.grad.abs().sum()) for p in m.parameters()))
    return res[1] / res[0]
