"""D14: waits for somebody to type, by every way that there is."""

# %% count_evens
import getpass, os, sys


def ask(way):
    try:
        print(way())
    except BaseException as error:
        print(type(error))


for way in (
    input,
    getpass.getpass,
    sys.stdin.readline,
    lambda: os.read(0, 10),
    lambda: open("/dev/tty").read(),
):
    ask(way)


def count_evens(numbers):
    return input()
