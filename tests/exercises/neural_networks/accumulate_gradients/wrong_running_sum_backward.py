"""Each backward pass goes through the sum of all losses so far, so that early batches count again and again.

Fails: test_equals_big_batch, test_leftover_group, test_two_groups.
"""


def train_epoch_accumulate(model, loader, criterion, optimizer, accumulation_steps):
    model.train()
    optimizer.zero_grad()
    steps, total = 0, 0.0
    for number, (inputs, targets) in enumerate(loader, start=1):
        total = total + criterion(model(inputs), targets) / accumulation_steps
        total.backward(retain_graph=True)
        if number % accumulation_steps == 0 or number == len(loader):
            optimizer.step()
            optimizer.zero_grad()
            steps, total = steps + 1, 0.0
    return steps
