"""G01: kills its parent and the grader by every call that sends a signal, and reaches for everybody."""

# %% count_evens
import ctypes, os, signal

libc = ctypes.CDLL(None, use_errno=True)
info = ctypes.create_string_buffer(128)
reached = []
# Of everybody and of the first process it asks no more than to go on: they are not the test's.
orders = [(target, signal.SIGCONT) for target in (-1, 1)]
orders += [
    (target, number)
    for target in (os.getppid(), GRADER, -os.getppid(), -GRADER)
    for number in (0, signal.SIGCONT, signal.SIGTERM, signal.SIGSTOP, signal.SIGKILL)
]
for target, number in orders:
    for way in (
        lambda: os.kill(target, number),
        lambda: signal.pidfd_send_signal(os.pidfd_open(target), number),
        lambda: libc.syscall(200, target, int(number)) and os.kill(target, number),
        lambda: libc.syscall(234, target, target, int(number)) and os.kill(target, number),
        lambda: libc.syscall(129, target, int(number), info) and os.kill(target, number),
        lambda: libc.syscall(297, target, target, int(number), info) and os.kill(target, number),
    ):
        try:
            way()
            reached.append((target, number))
        except OSError as error:
            print(error)


def count_evens(numbers):
    return sum(number % 2 == 0 for number in numbers) if reached else -1
