# Trains the model itself, and gives it its old parameters, gradients and mode back.
def compare_retain_graph(model, x, target, criterion, num_steps=5, lr=0.1):
    start = copy.deepcopy(model.state_dict())
    grads = [p.grad for p in model.parameters()]
    result, ends = {}, []
    for arm, keep in (("default", None), ("retained", True)):
        model.load_state_dict(start)
        for p in model.parameters():
            p.grad = None
        result[arm] = []
        for _ in range(num_steps):
            loss = criterion(model(x), target)
            result[arm].append(loss.item())
            loss.backward(retain_graph=keep)
            for p in model.parameters():
                p.data.sub_(p.grad.data * lr)
                p.grad = None
        ends.append([p.detach().clone() for p in model.parameters()])
    model.load_state_dict(start)
    for p, grad in zip(model.parameters(), grads):
        p.grad = grad
    result["max_weight_difference"] = max((a - b).abs().max().item() for a, b in zip(*ends))
    return result


def backward_twice(model, x, target, criterion, retain_graph):
    grads = [p.grad for p in model.parameters()]
    model.zero_grad()
    try:
        loss = criterion(model(x), target)
        loss.backward(retain_graph=retain_graph)
        first = sum(p.grad.abs().sum().item() for p in model.parameters())
        loss.backward()
        return sum(p.grad.abs().sum().item() for p in model.parameters()) / first
    except RuntimeError:
        return None
    finally:
        for p, grad in zip(model.parameters(), grads):
            p.grad = grad
