"""C19: stops the clocks, and then takes its time."""

# %% count_evens
import time

real = time.sleep
for name in (
    "time",
    "monotonic",
    "perf_counter",
    "process_time",
    "time_ns",
    "monotonic_ns",
    "perf_counter_ns",
):
    setattr(time, name, lambda: 0)


def count_evens(numbers):
    real(60)
    return 3
