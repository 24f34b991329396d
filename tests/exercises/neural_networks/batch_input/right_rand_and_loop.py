def make_batch(batch_size=5, height=32, width=32):
    return torch.rand((batch_size, 1, height, width))


@torch.no_grad()
def runs_correctly(model, x, num_classes=10):
    mode = model.training
    model.eval()
    ok = True
    try:
        out = model(x)
        if tuple(out.shape) != (x.shape[0], num_classes):
            ok = False
        elif not torch.isfinite(out).all().item():
            ok = False
        else:
            for i in range(x.shape[0]):
                one = model(x[i].unsqueeze(0))
                if (one[0] - out[i]).abs().max().item() > 1e-5:
                    ok = False
                    break
    except Exception:
        ok = False
    model.train(mode)
    return ok
