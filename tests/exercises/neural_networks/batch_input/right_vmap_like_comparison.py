def make_batch(batch_size=5, height=32, width=32):
    return torch.FloatTensor(batch_size, 1, height, width).uniform_(-1, 1)


def runs_correctly(model, x, num_classes=10):
    state = model.training
    result = False
    try:
        model.eval()
        with torch.no_grad():
            output = model(x)
            if output.shape == (x.size(0), num_classes) and torch.isfinite(output).all():
                expected = torch.vstack(list(map(model, x.chunk(len(x)))))
                result = torch.isclose(output, expected, atol=1e-5).all().item()
    except (ValueError, RuntimeError) as error:
        print("the model failed:", error)
    model.train(state)
    return result
