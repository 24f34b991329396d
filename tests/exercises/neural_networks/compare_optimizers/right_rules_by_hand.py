# The three update rules of section 6 written out, in place of `torch.optim`.
class _Sgd:
    def __init__(self, params, lr):
        self.params, self.lr = list(params), lr

    def update(self):
        with torch.no_grad():
            for p in self.params:
                p -= self.lr * p.grad


class _Adam(_Sgd):
    def __init__(self, params, lr):
        super().__init__(params, lr)
        self.m = [torch.zeros_like(p) for p in self.params]
        self.s = [torch.zeros_like(p) for p in self.params]
        self.t = 0

    def update(self):
        self.t += 1
        with torch.no_grad():
            for p, m, s in zip(self.params, self.m, self.s):
                m.mul_(0.9).add_(p.grad, alpha=0.1)
                s.mul_(0.999).addcmul_(p.grad, p.grad, value=0.001)
                m_hat, s_hat = m / (1 - 0.9**self.t), s / (1 - 0.999**self.t)
                p -= self.lr * m_hat / (s_hat.sqrt() + 1e-8)


class _RMSprop(_Sgd):
    def __init__(self, params, lr):
        super().__init__(params, lr)
        self.s = [torch.zeros_like(p) for p in self.params]

    def update(self):
        with torch.no_grad():
            for p, s in zip(self.params, self.s):
                s.mul_(0.99).addcmul_(p.grad, p.grad, value=0.01)
                p -= self.lr * p.grad / (s.sqrt() + 1e-8)


def compare_optimizers(model, loader, criterion, num_epochs=5, lr=0.001):
    # by hand: the same numbers as torch.optim
    results = {}
    for name, rule in {"sgd": _Sgd, "adam": _Adam, "rmsprop": _RMSprop}.items():
        net = copy.deepcopy(model)
        opt = rule(net.parameters(), lr)
        results[name] = []
        for _ in range(num_epochs):
            total = 0.0
            for x, y in loader:
                net.zero_grad()
                loss = criterion(net(x), y)
                loss.backward()
                opt.update()
                total += loss.item() * len(x)
            results[name].append(total / len(loader.dataset))
    return results


def best_optimizer(results):
    return min(results, key=lambda name: results[name][-1])
