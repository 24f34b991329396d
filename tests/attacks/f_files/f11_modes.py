"""F11: takes away all rights on other people's files: by path, by descriptor, by every call for it."""

# %% count_evens
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
for path in (
    f"{VICTIM}/decoy.txt",
    f"{VICTIM}/folder",
    f"{VICTIM}/folder/inner.txt",
    VICTIM,
    f"{COURSE}/submitted/zoe",
    f"{COURSE}/tests",
):
    for way in (
        lambda: os.chown(path, 12345, 12345),
        lambda: os.lchown(path, 12345, 12345),
        lambda: os.chmod(path, 0),
        lambda: os.fchmod(os.open(path, os.O_RDONLY), 0),
        lambda: os.fchmod(os.open(path, os.O_PATH), 0),
        lambda: os.chmod(f"/proc/self/fd/{os.open(path, os.O_PATH)}", 0),
        lambda: libc.syscall(90, path.encode(), 0),
        lambda: libc.syscall(268, -100, path.encode(), 0),
        lambda: libc.syscall(452, -100, path.encode(), 0, 0),
    ):
        try:
            way()
        except OSError as error:
            print(error)


def count_evens(numbers):
    return -1
