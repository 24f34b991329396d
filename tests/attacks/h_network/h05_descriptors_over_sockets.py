"""H05: passes descriptors through sockets, and addresses datagrams of a pair to somebody else."""

# %% count_evens
import ctypes, os, socket, struct

libc = ctypes.CDLL(None, use_errno=True)
made = (ctypes.c_int * 2)()
for kind in (1, 2, 5):
    if libc.socketpair(1, kind, 0, made) != 0:
        print(ctypes.get_errno())
        continue
    for address in (SOCKET.encode() + b"\0", ABSTRACT.encode()):
        raw = struct.pack("=H", 1) + address
        print(libc.sendto(made[0], b"secret", 6, 0, raw, len(raw)), ctypes.get_errno())
        print(libc.connect(made[0], raw, len(raw)), libc.bind(made[1], raw, len(raw)), ctypes.get_errno())
try:
    left, right = socket.socketpair()
    socket.send_fds(left, [b"x"], [os.open("/dev/null", 0)])
except OSError as error:
    print(error)


def count_evens(numbers):
    return -1
