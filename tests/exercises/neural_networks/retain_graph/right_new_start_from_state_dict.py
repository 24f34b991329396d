# State dictionaries are compared; numpy for the result; the mode is set in the copies.
def compare_retain_graph(model, x, target, criterion, num_steps=5, lr=0.1):
    import numpy as np

    start = {key: value.clone() for key, value in model.state_dict().items()}
    nets = {"default": copy.deepcopy(model), "retained": copy.deepcopy(model)}
    out = {}
    for key, net in nets.items():
        net.load_state_dict(start)
        net.train()
        optimizer = optim.SGD(net.parameters(), lr=lr)
        losses = []
        while len(losses) < num_steps:
            optimizer.zero_grad(set_to_none=False)
            loss = criterion(net(x), target)
            loss.backward(retain_graph=key == "retained")
            losses.append(loss.item())
            optimizer.step()
        out[key] = losses
    a, b = (net.state_dict() for net in nets.values())
    out["max_weight_difference"] = np.max([np.max(np.abs((a[key] - b[key]).numpy())) for key in a])
    return out


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
