# Losses weighted by samples, and the gradients divided by the samples of the group.
def train_epoch_accumulate(model, loader, criterion, optimizer, accumulation_steps):

    model.train()
    optimizer.zero_grad()
    seen = 0
    steps = 0
    for i, (x, y) in enumerate(loader):
        (criterion(model(x), y) * len(x)).backward()
        seen += len(x)
        if (i + 1) % accumulation_steps == 0 or i == len(loader) - 1:
            for g in optimizer.param_groups:
                for p in g["params"]:
                    if p.grad is not None:
                        p.grad.div_(seen)
            optimizer.step()
            optimizer.zero_grad()
            seen = 0
            steps += 1
    return steps
