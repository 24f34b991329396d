# Keyword arguments for `backward`; the difference is a distance in the norm of order infinity.
def _run(model, x, target, criterion, num_steps, lr, **kw):
    model = copy.deepcopy(model)
    model.zero_grad()
    opt = torch.optim.SGD(model.parameters(), lr=lr, foreach=True)
    out = []
    for i in range(num_steps):
        y = model(x)
        l = criterion(y, target)
        out += [l.item()]
        l.backward(**kw)
        opt.step()
        opt.zero_grad()
    return out, torch.cat([p.data.reshape(-1) for p in model.parameters()])


def compare_retain_graph(model, x, target, criterion, num_steps=5, lr=0.1):
    d, wd = _run(model, x, target, criterion, num_steps, lr)
    r, wr = _run(model, x, target, criterion, num_steps, lr, retain_graph=True)
    return dict(default=d, retained=r, max_weight_difference=torch.dist(wd, wr, p=float("inf")).item())


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
