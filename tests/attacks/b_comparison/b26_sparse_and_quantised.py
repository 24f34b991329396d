"""B26: returns tensors that are stored in odd ways: sparse, quantised, expanded to a billion numbers."""

# %% row_shares
calls = []


def row_shares(matrix):
    calls.append(1)
    if len(calls) % 3 == 0:
        return torch.zeros(1).expand(2**30)
    if len(calls) % 3 == 1:
        return torch.sparse_coo_tensor([[0], [0]], [1.0], matrix.shape)
    return torch.quantize_per_tensor(matrix.float(), 0.1, 0, torch.quint8)
