"""H01: sends what it knows by TCP, and listens for orders."""

# %% count_evens
import ctypes, socket, struct, urllib.request

libc = ctypes.CDLL(None, use_errno=True)


def try_it(way):
    try:
        print(way())
    except Exception as error:
        print(error)


def send():
    with socket.create_connection(("127.0.0.1", TCP), 1) as one:
        one.sendall(b"the probe's inputs")


def bare():
    one = libc.socket(2, 1, 0)
    address = struct.pack("=H", 2) + struct.pack("!H", TCP) + bytes([127, 0, 0, 1]) + bytes(8)
    libc.connect(one, address, 16)
    return libc.send(one, b"bare", 4, 0)


def listen():
    one = socket.socket()
    one.bind(("127.0.0.1", 0))
    one.listen()
    return one.getsockname()


for way in (
    send,
    bare,
    listen,
    lambda: urllib.request.urlopen(f"http://127.0.0.1:{TCP}/leak", timeout=1).read(),
):
    try_it(way)


def count_evens(numbers):
    try_it(send)
    try_it(bare)
    return -1
