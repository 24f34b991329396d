"""E12: fills files that it has removed, which nobody sees in its folder.

Says: its files took more than 8 MB
"""

# %% count_evens
import time

held = []
for number in range(200):
    file = open("gone", "wb")
    __import__("os").unlink("gone")
    file.write(b"x" * (3 * 2**20))
    file.flush()
    held.append(file)
time.sleep(1)
