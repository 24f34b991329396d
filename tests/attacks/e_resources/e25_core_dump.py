"""E25: leaves a core dump of all its memory behind."""

# %% count_evens
import ctypes, os, resource, signal

try:
    resource.setrlimit(resource.RLIMIT_CORE, (2**30, 2**30))
except (OSError, ValueError) as error:
    print(error)
ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)
os.kill(os.getpid(), signal.SIGQUIT)
