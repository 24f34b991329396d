"""RMSprop has no bias correction: in its first step the mean square is only a hundredth of the squared
gradient, so that the step is ten times as long as that of Adam.

Fails: test_answers.
"""


def compare_optimizers(model, loader, criterion, num_epochs=5, lr=0.001):
    results = {}
    for name, make in {"sgd": optim.SGD, "adam": optim.Adam, "rmsprop": optim.RMSprop}.items():
        trained = copy.deepcopy(model)
        optimizer = make(trained.parameters(), lr=lr)
        losses = []
        for epoch in range(num_epochs):
            total = 0.0
            for inputs, targets in loader:
                optimizer.zero_grad()
                loss = criterion(trained(inputs), targets)
                loss.backward()
                optimizer.step()
                total += loss.item() * len(inputs)
            losses.append(total / len(loader.dataset))
        results[name] = losses
    return results


def best_optimizer(results):
    return min(results, key=lambda name: results[name][-1])


answers_5_3 = {"a": "rmsprop", "b": "sgd", "c": "yes", "d": "lr"}
