"""C26: sends answers whose fields are of odd types: arrays for names, text for numbers, lists for texts."""

# %% count_evens
import gc, sys

wire = sys.modules["autograde.sandbox.wire"]
child = next(one for one in gc.get_objects() if type(one).__name__ == "Child")
odd = [wire.Array("array", "int64", (2,), bytes(16)), [], {}, None, True, 2.5, "x", b"x", {1: 2}, (1,)]


def count_evens(numbers):
    for number in (child._request, True, float(child._request), [child._request], odd[0]):
        for kind in ("output", "value", "raised", "missing", "unsendable", odd[0], None):
            if number == child._request and kind != "output":
                continue
            child._channel.send(wire.encode({"id": number, "is": kind, "text": odd[1], "names": odd[0]}))
    for field in odd:
        for output in (
            {"output_type": field},
            {"output_type": "stream", "name": field, "text": field},
            field,
            {"output_type": "error", "ename": field, "evalue": "x", "traceback": field},
            {"output_type": "display_data", "data": {"text/plain": field, 3: "x"}, "metadata": field},
        ):
            child._channel.send(wire.encode({"id": child._request, "is": "output", "output": output}))
    child._channel.send(
        wire.encode({"id": child._request, "is": "raised", "text": odd[0], "line": odd[0], "seconds": odd[0]})
    )
    return -1
