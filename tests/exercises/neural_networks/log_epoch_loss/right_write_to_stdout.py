# Written to sys.stdout, in colour; the mode is put back.
import sys


def train_with_log(model, loader, criterion, optimizer, num_epochs):
    was_training = model.training
    model.train()
    history = []
    for epoch in range(num_epochs):
        total, count = 0.0, 0
        for x, y in loader:
            optimizer.zero_grad()
            prediction = model(x)
            loss = criterion(prediction, y)
            loss.backward()
            optimizer.step()
            total += loss.item() * len(x)
            count += len(x)
        history.append(total / count)
        sys.stdout.write(f"\x1b[1mEpoch {epoch + 1}\x1b[0m\tloss={history[-1]:.4f}\n")
    model.train(was_training)
    return history
