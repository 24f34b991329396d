# Whole groups in the loop, the rest after it; counters instead of the remainder.
def train_epoch_accumulate(model, loader, criterion, optimizer, accumulation_steps):
    model.train(True)
    model.zero_grad(set_to_none=False)
    waiting, n_steps = 0, 0
    for data, target in loader:
        output = model(data)
        loss = criterion(output, target) / accumulation_steps
        loss.backward()
        waiting += 1
        if waiting == accumulation_steps:
            optimizer.step()
            model.zero_grad(set_to_none=False)
            n_steps += 1
            waiting = 0
    if waiting > 0:
        optimizer.step()
        n_steps += 1
    return n_steps
