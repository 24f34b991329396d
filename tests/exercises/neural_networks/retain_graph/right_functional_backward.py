# `torch.autograd.backward` in place of the method; the norm of order 1 for the sum.
def compare_retain_graph(model, x, target, criterion, num_steps=5, lr=0.1):
    losses = {"default": [], "retained": []}
    copies = {}
    for arm in losses:
        copies[arm] = copy.deepcopy(model)
        optimizer = optim.SGD(copies[arm].parameters(), lr=lr)
        for _ in range(num_steps):
            optimizer.zero_grad()
            loss = criterion(copies[arm](x), target)
            torch.autograd.backward(loss, retain_graph=arm == "retained")
            optimizer.step()
            losses[arm].append(loss.item())
    pairs = zip(copies["default"].parameters(), copies["retained"].parameters())
    difference = max((left - right).abs().max().item() for left, right in pairs)
    return {**losses, "max_weight_difference": difference}


def grad_sum(net):
    return sum(torch.linalg.vector_norm(p.grad, 1).item() for p in net.parameters() if p.grad is not None)


def backward_twice(model, x, target, criterion, retain_graph):
    net = copy.deepcopy(model)
    net.zero_grad(set_to_none=True)
    loss = criterion(net(x), target)
    torch.autograd.backward(loss, retain_graph=retain_graph)
    once = grad_sum(net)
    try:
        torch.autograd.backward(loss)
    except RuntimeError as error:
        print("second backward:", type(error).__name__)
        return None
    else:
        return grad_sum(net) / once
