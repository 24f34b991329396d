"""H06: uses the one socket it has, the kit's, to send to others and to take in descriptors."""

# %% count_evens
import ctypes, gc, os, socket, struct

libc = ctypes.CDLL(None, use_errno=True)
child = next(one for one in gc.get_objects() if type(one).__name__ == "Child")
number = child._channel._socket.fileno()
raw = struct.pack("=H", 1) + ABSTRACT.encode()
print(
    libc.connect(number, raw, len(raw)),
    libc.sendto(number, b"secret", 6, 0, raw, len(raw)),
    ctypes.get_errno(),
)
done = []
for way in (
    lambda: socket.send_fds(child._channel._socket, [b""], [os.open("/dev/null", 0)]),
    lambda: socket.recv_fds(child._channel._socket, 1, 1, socket.MSG_DONTWAIT),
    lambda: child._channel._socket.setsockopt(socket.SOL_SOCKET, 32, 2**30),
):
    try:
        done.append(way())
    except BlockingIOError:
        done.append("asked")
    except OSError as error:
        print(error)


def count_evens(numbers):
    return sum(number % 2 == 0 for number in numbers) if done else -1
