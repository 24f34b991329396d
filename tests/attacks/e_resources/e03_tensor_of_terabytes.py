"""E03: allocates tensors beyond its memory, at once and piece by piece."""

# %% row_shares
held = []


def row_shares(matrix):
    try:
        held.append(torch.ones(2**38))
    except RuntimeError as error:
        print(error)
    for _ in range(64):
        held.append(torch.ones(2**22))
    return matrix / matrix.sum(dim=1, keepdim=True)
