"""The flag is set for the training that is called the default, and not for the other.

Fails: test_flag_used.
"""


def compare_retain_graph(model, x, target, criterion, num_steps=5, lr=0.1):
    losses = {"default": [], "retained": []}
    copies = {}
    for arm in losses:
        copies[arm] = copy.deepcopy(model)
        optimizer = optim.SGD(copies[arm].parameters(), lr=lr)
        for _ in range(num_steps):
            optimizer.zero_grad()
            loss = criterion(copies[arm](x), target)
            loss.backward(retain_graph=arm == "default")
            optimizer.step()
            losses[arm].append(loss.item())
    pairs = zip(copies["default"].parameters(), copies["retained"].parameters())
    difference = max((left - right).abs().max().item() for left, right in pairs)
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
