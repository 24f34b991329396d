"""E13: fills files that it has removed and closed, and holds only in its memory.

Says: it was stopped: its files took more than 8 MB
"""

# %% count_evens
import mmap, os, time

held = []
for number in range(100):
    with open("gone", "wb+") as file:
        file.write(b"x" * (3 * 2**20))
        file.flush()
        held.append(mmap.mmap(file.fileno(), 0))
    os.unlink("gone")
time.sleep(1)
