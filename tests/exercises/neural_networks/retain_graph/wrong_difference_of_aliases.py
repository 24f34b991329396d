"""The final parameters are stored without a copy, so that one model is compared with itself.

Fails: test_difference.
"""


def compare_retain_graph(model, x, target, criterion, num_steps=5, lr=0.1):
    net = copy.deepcopy(model)
    start = copy.deepcopy(net.state_dict())
    losses, ends = {"default": [], "retained": []}, []
    for arm in losses:
        net.load_state_dict(start)
        optimizer = optim.SGD(net.parameters(), lr=lr)
        for _ in range(num_steps):
            optimizer.zero_grad()
            loss = criterion(net(x), target)
            loss.backward(retain_graph=arm == "retained")
            optimizer.step()
            losses[arm].append(loss.item())
        ends.append(list(net.parameters()))
    difference = max((left - right).abs().max().item() for left, right in zip(*ends))
    return {**losses, "max_weight_difference": difference}


def backward_twice(model, x, target, criterion, retain_graph):
    twin = copy.deepcopy(model)
    twin.zero_grad()
    loss = criterion(twin(x), target)
    loss.backward(retain_graph=retain_graph)
    first = sum(p.grad.abs().sum().item() for p in twin.parameters())
    try:
        loss.backward()
    except RuntimeError:
        return None
    second = sum(p.grad.abs().sum().item() for p in twin.parameters())
    return second / first
