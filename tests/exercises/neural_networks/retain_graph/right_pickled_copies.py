# Copies by way of torch.save and torch.load; both passes inside one try.
import io


def clone_of(model):
    buffer = io.BytesIO()
    torch.save(model, buffer)
    buffer.seek(0)
    net = torch.load(buffer, weights_only=False)
    for p in net.parameters():
        p.grad = None
    return net


def compare_retain_graph(model, x, target, criterion, num_steps=5, lr=0.1):
    a, b = clone_of(model), clone_of(model)
    out = {"default": [], "retained": []}
    for net, kwargs, key in ((a, {}, "default"), (b, {"retain_graph": True}, "retained")):
        sgd = optim.SGD(net.parameters(), lr=lr)
        for _ in range(num_steps):
            sgd.zero_grad()
            loss = criterion(net(x), target)
            loss.backward(**kwargs)
            out[key] += [loss.item()]
            sgd.step()
    out["max_weight_difference"] = max(
        (p.detach() - q.detach()).abs().max().item() for p, q in zip(a.parameters(), b.parameters())
    )
    return out


def backward_twice(model, x, target, criterion, retain_graph):
    net = clone_of(model)
    loss = criterion(net(x), target)
    total = lambda: sum(p.grad.abs().sum() for p in net.parameters() if p.grad is not None)
    loss.backward(retain_graph=retain_graph)
    first = total()
    try:
        loss.backward(retain_graph=retain_graph)
        return (total() / first).item()
    except RuntimeError:
        pass
    return None
