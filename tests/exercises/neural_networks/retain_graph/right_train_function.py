# A function trains each copy; the sums are those of flattened gradients.
def train(net, x, target, criterion, num_steps, lr, retain):
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    history = []
    for step in range(num_steps):
        optimizer.zero_grad()
        loss = criterion(net(x), target)
        history.append(loss.item())
        if retain:
            loss.backward(retain_graph=True)
        else:
            loss.backward()
        optimizer.step()
    return history


def compare_retain_graph(model, x, target, criterion, num_steps=5, lr=0.1):
    a, b = copy.deepcopy(model), copy.deepcopy(model)
    default = train(a, x, target, criterion, num_steps, lr, retain=False)
    retained = train(b, x, target, criterion, num_steps, lr, retain=True)
    difference = 0.0
    for p, q in zip(a.parameters(), b.parameters()):
        difference = max(difference, (p - q).abs().max().item())
    return {"default": default, "retained": retained, "max_weight_difference": difference}


def backward_twice(model, x, target, criterion, retain_graph):
    net = copy.deepcopy(model)
    for p in net.parameters():
        p.grad = None
    loss = criterion(net(x), target)

    def size():
        return torch.cat([p.grad.flatten() for p in net.parameters()]).abs().sum()

    loss.backward(retain_graph=retain_graph)
    first = size()
    try:
        loss.backward(retain_graph=retain_graph)
    except RuntimeError:
        return None
    return float(size() / first)
