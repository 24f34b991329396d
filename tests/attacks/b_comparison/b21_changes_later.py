"""B21: returns a tensor that a thread goes on changing while it is read."""

# %% row_shares
import threading, itertools


def row_shares(matrix):
    made = torch.zeros_like(matrix)

    def change():
        for step in range(3000):
            made.fill_(step % 3 / 8)

    threading.Thread(target=change, daemon=True).start()
    return made
