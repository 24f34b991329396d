"""H09: opens the ports of torch's and multiprocessing's own servers."""

# %% count_evens
import multiprocessing.connection, multiprocessing.managers

for way in (
    lambda: torch.distributed.TCPStore(
        "127.0.0.1", TCP, is_master=False, timeout=__import__("datetime").timedelta(seconds=0.3)
    ),
    lambda: multiprocessing.connection.Listener(("127.0.0.1", 0)),
    lambda: multiprocessing.connection.Client(("127.0.0.1", TCP), authkey=b"x"),
    lambda: multiprocessing.connection.Client(SOCKET),
    lambda: multiprocessing.connection.Client(ABSTRACT),
    lambda: multiprocessing.managers.SyncManager().start(),
):
    try:
        print(way())
    except BaseException as error:
        print(type(error), str(error)[:200])


def count_evens(numbers):
    return -1
