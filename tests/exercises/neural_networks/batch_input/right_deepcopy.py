import copy


def make_batch(batch_size=5, height=32, width=32):
    batch = torch.empty(batch_size, 1, height, width)
    batch.normal_(mean=0.5, std=0.25)
    return batch


def runs_correctly(model, x, num_classes=10):
    twin = copy.deepcopy(model).eval().requires_grad_(False)
    try:
        scores = twin(x)
        rows = [twin(image[None]).squeeze(0) for image in x]
    except Exception:
        return False
    if scores.ndim != 2 or scores.size(0) != x.size(0) or scores.size(1) != num_classes:
        return False
    if scores.isnan().any() or scores.isinf().any():
        return False
    return all(
        row.shape == score.shape and torch.allclose(row, score, rtol=1e-4, atol=1e-5)
        for row, score in zip(rows, scores)
    )
