"""The forbidden acts, as the source of the probe that a canary process runs."""

from typing import Final

ACTS: Final = '''
def attempt(secret, grader, port, unix, abstract, private, numbers):
    """Return, for each forbidden act, whether the system refused it."""
    import ctypes
    import errno
    import mmap
    import os
    import resource
    import socket
    import struct
    import sys

    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    refusals = {errno.EPERM, errno.EACCES, errno.ENOSYS}
    found = {}

    def call(name, *arguments):
        words = [ctypes.c_long(one) if isinstance(one, int) else one for one in arguments]
        result = libc.syscall(ctypes.c_long(numbers[name]), *words)
        if result == -1:
            raise OSError(ctypes.get_errno(), name)
        return result

    def attempt_to(act, do, *also):
        try:
            do()
        except OSError as error:
            found[act] = error.errno in refusals | set(also)
        except KeyError:
            pass  # this architecture has no such system call
        except BaseException:
            found[act] = False
        else:
            found[act] = False

    def start(name, *arguments):
        """A new process, if there is one, ends at once."""
        def do():
            before = os.getpid()
            call(name, *arguments)
            if os.getpid() != before:
                os._exit(0)
        return do

    def through_link():
        os.symlink(secret, "link")
        open("link").read()

    def connect(family, address):
        """All by bare calls: a socket, and a connection to an address as the kernel has it."""
        def do():
            call("connect", call("socket", family, 1, 0), address, len(address))
        return do

    folder = os.path.dirname(secret)
    parent = os.getppid()
    empty = ctypes.create_string_buffer(256)

    # Files
    attempt_to("reading a file of the grader's", lambda: open(secret).read())
    attempt_to("reading it through a link", through_link)
    attempt_to("reading it through /proc", lambda: open("/proc/self/root" + secret).read())
    attempt_to("linking it into the working folder", lambda: os.link(secret, "hard"), errno.EXDEV)
    attempt_to("listing its folder", lambda: os.listdir(folder))
    attempt_to("overwriting it", lambda: open(secret, "a").write("x"))
    attempt_to("cutting it off", lambda: os.truncate(secret, 0))
    attempt_to("cutting off a file it may read", lambda: os.open("/proc/self/comm", os.O_TRUNC))
    attempt_to("removing it", lambda: os.unlink(secret))
    attempt_to("renaming it", lambda: os.rename(secret, secret + "2"), errno.EXDEV)
    attempt_to("making a file beside it", lambda: open(secret + "3", "w"))
    attempt_to("changing its mode", lambda: os.chmod(secret, 0))
    attempt_to("changing its owner", lambda: os.chown(secret, os.getuid(), os.getgid()))
    attempt_to("changing its times", lambda: os.utime(secret))
    attempt_to("changing its attributes", lambda: os.setxattr(secret, "user.x", b"x"))
    attempt_to("making a named pipe", lambda: os.mkfifo("pipe"))
    attempt_to("listing the root folder", lambda: os.listdir("/"))
    attempt_to("reading the users of the machine", lambda: open("/etc/passwd").read())
    attempt_to("changing an installed package", lambda: open(os.__file__, "a"))
    attempt_to("writing to shared memory", lambda: os.open("/dev/shm", os.O_TMPFILE | os.O_RDWR))
    for path in private:
        read = os.listdir if os.path.isdir(path) else open
        attempt_to("reading " + path, lambda read=read, path=path: read(path))

    # Processes
    attempt_to("starting a process", start("clone", 17, 0, 0, 0, 0))
    attempt_to("starting one by fork", start("fork"))
    # A program that is not there: to be told so is not to be refused. One that is would end this one.
    attempt_to("running a program", lambda: call("execve", ctypes.c_char_p(b"/nowhere/at/all"), None, None))
    attempt_to("signalling the server", lambda: os.kill(parent, 0))
    attempt_to("signalling the grader", lambda: os.kill(grader, 0))
    attempt_to("signalling everybody", lambda: os.kill(-1, 0))
    attempt_to("signalling by a thread's number", lambda: call("tkill", grader, 0))
    attempt_to("holding another process", lambda: call("pidfd_open", grader, 0))
    attempt_to("tracing the grader", lambda: call("ptrace", 0x4206, grader, 0, 0))  # without stopping it
    attempt_to("reading the grader's memory", lambda: call("process_vm_readv", grader, empty, 1, empty, 1, 0))
    attempt_to("listing processes", lambda: os.listdir("/proc"))
    attempt_to("reading the grader's environment", lambda: open("/proc/%d/environ" % grader, "rb").read())
    attempt_to("reading the server's memory map", lambda: open("/proc/%d/maps" % parent).read())
    attempt_to("limiting the grader", lambda: resource.prlimit(grader, resource.RLIMIT_NOFILE))
    attempt_to("slowing the grader", lambda: os.setpriority(
        os.PRIO_PROCESS, grader, os.getpriority(os.PRIO_PROCESS, grader)))
    attempt_to("moving the grader to one core", lambda: os.sched_setaffinity(grader, os.sched_getaffinity(0)))
    attempt_to("outliving the server", lambda: call("prctl", 1, 0, 0, 0, 0))
    attempt_to("being spared when memory runs out", lambda: open("/proc/self/oom_score_adj", "w").write("0"))

    # Network and messages
    ipv4 = struct.pack("=H", socket.AF_INET) + struct.pack("!H", port) + bytes([127, 0, 0, 1]) + bytes(8)
    local = struct.pack("=H", socket.AF_UNIX)
    attempt_to("connecting by TCP", connect(socket.AF_INET, ipv4))
    attempt_to("connecting to a Unix socket", connect(socket.AF_UNIX, local + unix.encode() + bytes(1)))
    attempt_to("connecting to an abstract socket", connect(socket.AF_UNIX, local + abstract))
    attempt_to("opening a UDP socket", lambda: call("socket", socket.AF_INET, 2, 0))
    attempt_to("opening an IPv6 socket", lambda: call("socket", socket.AF_INET6, 1, 0))
    attempt_to("opening a netlink socket", lambda: call("socket", 16, 3, 0))
    attempt_to("opening a vsock socket", lambda: call("socket", 40, 1, 0))
    attempt_to("making datagram socket pairs", lambda: call("socketpair", socket.AF_UNIX, 2, 0, empty))
    attempt_to("making a message queue", lambda: call("msgget", 0, 0o1600))
    attempt_to("sharing memory by System V", lambda: call("shmget", 0, 4096, 0o1600))

    # The kernel
    attempt_to("memory that no limit counts", lambda: mmap.mmap(-1, 4096), errno.ENOMEM)
    attempt_to("a stack that no limit counts",
        lambda: call("mmap", 0, 4096, mmap.PROT_READ | mmap.PROT_WRITE, 0x122, -1, 0), errno.ENOMEM)
    attempt_to("descriptors that no limit counts", lambda: call("close_range", 1000, 1001, 2))
    attempt_to("files in memory", lambda: call("memfd_create", empty, 0))
    attempt_to("raising a limit", lambda: resource.setrlimit(
        resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY)) if sys.platform != "linux"
        else call("prlimit64", 0, int(resource.RLIMIT_CORE), struct.pack("=QQ", 2**20, 2**20), None))
    attempt_to("a namespace of its own", lambda: call("unshare", 0x10000000))
    attempt_to("mounting", lambda: call("mount", empty, empty, empty, 0, empty))
    attempt_to("changing its root", lambda: call("chroot", ctypes.c_char_p(b".")))
    attempt_to("changing its user", lambda: call("setuid", os.getuid()))
    attempt_to("asynchronous input and output", lambda: call("io_uring_setup", 1, empty))
    attempt_to("programs in the kernel", lambda: call("bpf", 0, empty, 0))
    attempt_to("watching the processor", lambda: call("perf_event_open", empty, 0, -1, -1, 0))
    attempt_to("handling page faults", lambda: call("userfaultfd", 0))
    attempt_to("storing keys in the kernel", lambda: call("keyctl", 0, -3, 0))
    attempt_to("signals to the grader by a file", lambda: call("fcntl", 0, 8, grader))
    attempt_to("typing into a terminal", lambda: call("ioctl", 0, 0x5412, empty), errno.ENOTTY)
    attempt_to("another policy", lambda: call("seccomp", 1, 0, empty))
    return found
'''
