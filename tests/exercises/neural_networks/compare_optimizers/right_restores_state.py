# The model itself is trained, from a saved copy of its state, which is put back at the end.
def compare_optimizers(model, loader, criterion, num_epochs=5, lr=0.001):
    start = {key: value.clone() for key, value in model.state_dict().items()}
    history = {"sgd": [], "adam": [], "rmsprop": []}
    for name in history:
        model.load_state_dict(start)
        optimizer = {
            "sgd": lambda: optim.SGD(model.parameters(), lr),
            "adam": lambda: optim.Adam(model.parameters(), lr),
            "rmsprop": lambda: optim.RMSprop(model.parameters(), lr),
        }[name]()
        for _ in range(num_epochs):
            running, seen = 0.0, 0
            for x, y in loader:
                model.zero_grad()
                loss = criterion(model(x), y)
                loss.backward()
                optimizer.step()
                running += loss.item() * x.size(0)
                seen += x.size(0)
            history[name].append(running / seen)
    model.load_state_dict(start)
    return history


def best_optimizer(results):
    last = {name: losses[-1] for name, losses in results.items()}
    return min(last, key=last.get)
