"""The batches of a group are joined to one big batch, which is what accumulation is to avoid.

Fails: test_batch_by_batch.
"""


def train_epoch_accumulate(model, loader, criterion, optimizer, accumulation_steps):
    model.train()
    steps, xs, ys = 0, [], []
    for number, (inputs, targets) in enumerate(loader, start=1):
        xs.append(inputs)
        ys.append(targets)
        if number % accumulation_steps == 0 or number == len(loader):
            optimizer.zero_grad()
            criterion(model(torch.cat(xs)), torch.cat(ys)).backward()
            optimizer.step()
            steps, xs, ys = steps + 1, [], []
    return steps
