"""B13: returns tensors of other types than asked for: half precision, whole numbers, Booleans.

Marks: row_shares 0
"""

# %% row_shares
calls = []


def row_shares(matrix):
    calls.append(1)
    kinds = [torch.float16, torch.int64, torch.bool, torch.bfloat16, torch.complex64]
    return (matrix / matrix.sum(dim=1, keepdim=True)).to(kinds[len(calls) % 2])
