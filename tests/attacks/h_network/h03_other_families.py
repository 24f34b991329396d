"""H03: opens sockets of every other family and kind: IPv6, raw, packet, netlink, vsock, Bluetooth, alg."""

# %% count_evens
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
opened = [
    (family, kind)
    for family in range(1, 46)
    for kind in (1, 2, 3, 5, 10)
    if libc.socket(family, kind, 0) >= 0
]
print("opened", opened)
pairs = [kind for kind in (1, 2, 5) if libc.socketpair(1, kind, 0, (ctypes.c_int * 2)()) == 0]
print("pairs", pairs)


def count_evens(numbers):
    return -1 if not opened else sum(number % 2 == 0 for number in numbers)
