"""E02: starts threads with large stacks, more than its memory holds."""

# %% count_evens
import threading

threading.stack_size(2**24)
waiting = threading.Event()
for _ in range(3000):
    threading.Thread(target=waiting.wait, daemon=True).start()


def count_evens(numbers):
    return sum(number % 2 == 0 for number in numbers)
