"""None and 2.0 are returned without any backward pass.

Fails: test_really_tries.
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
            loss.backward(retain_graph=arm == "retained")
            optimizer.step()
            losses[arm].append(loss.item())
    pairs = zip(copies["default"].parameters(), copies["retained"].parameters())
    difference = max((left - right).abs().max().item() for left, right in pairs)
    return {**losses, "max_weight_difference": difference}


def backward_twice(model, x, target, criterion, retain_graph):
    return 2.0 if retain_graph else None
