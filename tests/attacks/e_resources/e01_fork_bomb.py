"""E01: starts processes, by Python and by every call of the system that can."""

# %% count_evens
import ctypes, multiprocessing, os, subprocess, time

libc = ctypes.CDLL(None, use_errno=True)
started = []


def start():
    ways = [
        lambda: os.fork(),
        lambda: libc.fork(),
        lambda: libc.syscall(57),
        lambda: libc.syscall(56, 17, 0, 0, 0, 0),
        lambda: libc.syscall(435, ctypes.create_string_buffer(bytes(32) + b"\x11" + bytes(60)), 88),
        lambda: subprocess.Popen(["/bin/sleep", "60"]).pid,
        lambda: os.posix_spawn("/bin/sleep", ["sleep", "60"], {}),
        lambda: multiprocessing.get_context("fork").Process(target=time.sleep, args=(60,)).start() or 1,
        lambda: 1 - os.system("sleep 60 &"),
    ]
    for way in ways:
        try:
            made = way()
        except Exception as error:
            print(error)
            continue
        if made == 0:  # the new process
            time.sleep(60)
            os._exit(0)
        started.append(made) if made > 0 else None


for _ in range(3):
    start()


def count_evens(numbers):
    return sum(number % 2 == 0 for number in numbers) if started else -1
