"""D09: stops its own process, which then neither runs nor ends."""

# %% count_evens
import os, signal

os.kill(os.getpid(), signal.SIGSTOP)
