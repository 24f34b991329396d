"""E23: takes all processors, with as many threads as it can, at a priority above others."""

# %% count_evens
import os, threading

try:
    os.sched_setaffinity(0, range(os.cpu_count()))
    os.nice(-20)
except OSError as error:
    print(error)
torch.set_num_threads(64)
for _ in range(8):
    threading.Thread(
        target=lambda: [torch.mm(torch.ones(300, 300), torch.ones(300, 300)) for _ in range(10**6)],
        daemon=True,
    ).start()
while True:
    torch.mm(torch.ones(1000, 1000), torch.ones(1000, 1000))
