"""G05: takes leave of its server's death, session and group, and leaves a process behind."""

# %% count_evens
import ctypes, os, time

libc = ctypes.CDLL(None, use_errno=True)
print(libc.prctl(1, 0, 0, 0, 0), libc.prctl(36, 1, 0, 0, 0))
for way in (os.setsid, os.setpgrp, lambda: os.setpgid(0, 0)):
    try:
        way()
    except OSError as error:
        print(error)
for fork in (os.fork, libc.fork, lambda: libc.syscall(57), lambda: libc.syscall(56, 17, 0, 0, 0, 0)):
    try:
        if fork() == 0:
            os.setsid()
            if libc.fork() == 0:
                time.sleep(120)
            os._exit(0)
    except OSError as error:
        print(error)


def count_evens(numbers):
    return -1
