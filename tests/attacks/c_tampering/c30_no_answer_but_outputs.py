"""C30: answers with outputs without end, just small enough not to be cut off by its own side."""

# %% count_evens
import gc, sys

child = next(one for one in gc.get_objects() if type(one).__name__ == "Child")
wire = sys.modules["autograde.sandbox.wire"]


def count_evens(numbers):
    output = {"output_type": "display_data", "data": {"text/plain": "x"}, "metadata": {}}
    while True:
        child._channel.send(wire.encode({"id": child._request, "is": "output", "output": output}))
