"""F12: changes times and extended attributes of other people's files, to look early or be found later."""

# %% count_evens
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
for path in (f"{VICTIM}/decoy.txt", f"{VICTIM}/folder", f"{COURSE}/submitted/zoe/targets/1_targets.ipynb"):
    for way in (
        lambda: os.utime(path, (0, 0)),
        lambda: os.utime(path),
        lambda: os.utime(os.open(path, os.O_PATH), (0, 0)),
        lambda: libc.syscall(132, path.encode(), None),
        lambda: libc.syscall(235, path.encode(), None),
        lambda: libc.syscall(261, -100, path.encode(), None),
        lambda: libc.syscall(280, -100, path.encode(), None, 0),
        lambda: os.setxattr(path, "user.attack", b"changed"),
        lambda: os.removexattr(path, "user.attack"),
        lambda: libc.syscall(
            463, -100, path.encode(), 0, b"user.attack", ctypes.create_string_buffer(16), 16
        ),
        lambda: libc.syscall(197, path.encode(), b"user.attack"),
    ):
        try:
            way()
        except OSError as error:
            print(error)


def count_evens(numbers):
    return -1
