"""D16: loops wherever Python cleans up: at exit, in finalisers, in hooks of errors and threads."""

# %% count_evens
import atexit, sys, threading, weakref


def forever(*given):
    while True:
        pass


class Held:
    def __del__(self):
        forever()


held = Held()
get_ipython().held = held
weakref.finalize(held, forever)
atexit.register(forever)
sys.excepthook = sys.unraisablehook = threading.excepthook = forever
threading.Thread(target=threading.Event().wait).start()


def count_evens(numbers):
    sys.exit(3)
