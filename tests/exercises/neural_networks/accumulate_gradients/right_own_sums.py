# `torch.autograd.grad` and own sums, written to `grad` before the step.
def train_epoch_accumulate(model, loader, criterion, optimizer, accumulation_steps):
    model.train()
    params = [p for p in model.parameters() if p.requires_grad]
    sums = [torch.zeros_like(p) for p in params]
    done = 0
    for i, batch in enumerate(loader):
        loss = criterion(model(batch[0]), batch[1])
        for s, g in zip(sums, torch.autograd.grad(loss, params)):
            s += g / accumulation_steps
        if (i + 1) % accumulation_steps == 0 or (i + 1) == len(loader):
            for p, s in zip(params, sums):
                p.grad = s.clone()
                s.zero_()
            optimizer.step()
            done += 1
    return done
