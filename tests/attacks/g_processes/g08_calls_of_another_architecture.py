"""G08: makes the calls of another architecture, whose numbers mean other things."""

# %% count_evens
import ctypes, mmap

code = b"\xb8\x14\x00\x00\x00\xcd\x80\xc3"  # int 0x80: getpid of 32 bits
page = mmap.mmap(-1, 4096, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, prot=7)
page.write(code)
run = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))


def count_evens(numbers):
    print(ctypes.CDLL(None).syscall(0x40000000 + 39))  # x32
    return run()
