"""H08: talks to others through an event loop, whose own sockets are allowed."""

# %% count_evens
import asyncio


async def talk():
    for way in (
        lambda: asyncio.open_connection("127.0.0.1", TCP),
        lambda: asyncio.open_unix_connection(SOCKET),
        lambda: asyncio.start_server(lambda *given: None, "127.0.0.1", 0),
        lambda: asyncio.get_running_loop().create_datagram_endpoint(
            asyncio.DatagramProtocol, remote_addr=("127.0.0.1", UDP)
        ),
        lambda: asyncio.create_subprocess_exec("/bin/cat", f"{VICTIM}/decoy.txt"),
    ):
        try:
            print(await way())
        except Exception as error:
            print(error)


await talk()


def count_evens(numbers):
    return -1
