"""G11: takes privileges: by programs that run with their owner's, by capabilities, by other users' ids."""

# %% count_evens
import ctypes, os, struct

libc = ctypes.CDLL(None, use_errno=True)
held = open("/proc/self/status").read()
print([line for line in held.splitlines() if line.startswith(("Cap", "NoNewPrivs", "Seccomp", "Uid"))])
print(
    libc.prctl(38, 0, 0, 0, 0),
    libc.prctl(8, 1, 0, 0, 0),
    libc.prctl(28, 0, 0, 0, 0),
    libc.prctl(47, 2, 21, 0, 0),
)
header, wanted = (
    ctypes.create_string_buffer(struct.pack("Ii", 0x20080522, 0)),
    ctypes.create_string_buffer(b"\xff" * 24),
)
print(libc.syscall(126, header, wanted), ctypes.get_errno())
for way in (
    lambda: os.setuid(0),
    lambda: os.setresuid(1, 1, 1),
    lambda: os.setgid(0),
    lambda: os.initgroups("root", 0),
    lambda: os.execv("/usr/bin/sudo", ["sudo", "-n", "id"]),
    lambda: os.execv("/bin/su", ["su"]),
    lambda: os.mknod("disk", 0o60666, 0x0800),
):
    try:
        way()
        print("done")
    except OSError as error:
        print(error)


def count_evens(numbers):
    return -1
