"""D15: waits for a lock that nobody will open, with threads that wait for each other."""

# %% count_evens
import threading

first, second = threading.Lock(), threading.Lock()
first.acquire()
threading.Thread(target=lambda: second.acquire() and first.acquire()).start()
first.acquire()
