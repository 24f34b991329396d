# SGD, Adam and RMSprop written out by hand, from the formulas of section 6.
def compare_optimizers(model, loader, criterion, num_epochs=5, lr=0.001):
    results = {}
    for name in ("sgd", "adam", "rmsprop"):
        net = copy.deepcopy(model)
        params = list(net.parameters())
        means = [torch.zeros_like(p) for p in params]
        squares = [torch.zeros_like(p) for p in params]
        step, losses = 0, []
        for _ in range(num_epochs):
            total = 0.0
            for x, y in loader:
                loss = criterion(net(x), y)
                grads = torch.autograd.grad(loss, params)
                step += 1
                with torch.no_grad():
                    for p, g, m, s in zip(params, grads, means, squares):
                        if name == "sgd":
                            p -= lr * g
                        elif name == "rmsprop":
                            s.mul_(0.99).add_(0.01 * g * g)
                            p -= lr * g / (s.sqrt() + 1e-8)
                        else:
                            m.mul_(0.9).add_(0.1 * g)
                            s.mul_(0.999).add_(0.001 * g * g)
                            p -= lr * (m / (1 - 0.9**step)) / ((s / (1 - 0.999**step)).sqrt() + 1e-8)
                total += loss.item() * len(x)
            losses.append(total / len(loader.dataset))
        results[name] = losses
    return results


def best_optimizer(results):
    return min((losses[-1], name) for name, losses in results.items())[1]


answers_5_3 = {"a": "rmsprop", "b": "SGD", "c": "Yes", "d": "10*lr"}
