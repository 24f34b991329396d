"""G12: floods, starves and confuses the server by the ways its children end: many times, each another.

Marks: all 0
"""

# %% count_evens
import os, signal

os.kill(os.getpid(), signal.SIGKILL)
# %% row_shares
import ctypes

ctypes.string_at(1)
# %% summarise
import os

os._exit(77)
# %% fit_line
import os, signal

os.kill(os.getpid(), signal.SIGTRAP)
