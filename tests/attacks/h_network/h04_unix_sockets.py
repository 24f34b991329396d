"""H04: connects to Unix sockets of the machine, by path and by abstract name."""

# %% count_evens
import ctypes, os, socket, struct

libc = ctypes.CDLL(None, use_errno=True)


def connect(address):
    with socket.socket(socket.AF_UNIX) as one:
        one.connect(address)
        one.sendall(b"secret")


def bare(address):
    one = libc.socket(1, 1, 0)
    raw = (
        struct.pack("=H", 1)
        + (address if isinstance(address, bytes) else address.encode())
        + b"\0" * (not address.startswith("\0"))
    )
    libc.connect(one, raw, len(raw))
    return libc.send(one, b"bare", 4, 0)


os.symlink(SOCKET, "socket")
for address in (
    SOCKET,
    ABSTRACT,
    "socket",
    "/var/run/docker.sock",
    "/run/user/0/bus",
    "/tmp/.X11-unix/X0",
    "\0/tmp/.X11-unix/X0",
):
    for way in (connect, bare):
        try:
            print(way(address))
        except OSError as error:
            print(error)


def count_evens(numbers):
    return -1
