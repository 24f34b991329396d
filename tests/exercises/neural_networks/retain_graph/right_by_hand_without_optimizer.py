# The steps are made by hand under no_grad, both copies side by side in one loop.
def compare_retain_graph(model, x, target, criterion, num_steps=5, lr=0.1):
    nets = [copy.deepcopy(model) for _ in range(2)]
    histories = [[], []]
    for _ in range(num_steps):
        for net, history, keep in zip(nets, histories, (False, True)):
            net.zero_grad()
            loss = criterion(net(x), target)
            loss.backward(retain_graph=keep)
            with torch.no_grad():
                for p in net.parameters():
                    p -= lr * p.grad
            history.append(float(loss))
    gaps = [torch.max(torch.abs(p - q)) for p, q in zip(nets[0].parameters(), nets[1].parameters())]
    return {"default": histories[0], "retained": histories[1], "max_weight_difference": float(max(gaps))}


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
