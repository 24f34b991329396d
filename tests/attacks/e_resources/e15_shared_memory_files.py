"""E15: fills shared memory and the machine's temporary folders."""

# %% count_evens
from multiprocessing import shared_memory

for folder in ("/dev/shm", "/tmp", "/var/tmp", "/run", "/run/lock", "/dev/mqueue"):
    try:
        with open(f"{folder}/attack-e15", "wb") as file:
            file.write(b"x" * 2**20)
        print("made", folder)
    except OSError as error:
        print(error)
shared_memory.SharedMemory("attack-e15", create=True, size=2**20)
