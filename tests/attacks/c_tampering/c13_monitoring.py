"""C13: watches all code through `sys.monitoring` or, before it, `settrace`, and skips what compares."""

# %% count_evens
import sys


def seen(code, *given):
    if code.co_filename == "<probe>":
        print(code.co_consts, code.co_names)


watch = getattr(sys, "monitoring", None)
if watch is not None:
    watch.use_tool_id(3, "attack")
    watch.register_callback(3, watch.events.PY_START, seen)
    watch.register_callback(3, watch.events.LINE, seen)
    watch.set_events(3, watch.events.PY_START | watch.events.LINE)
else:
    sys.settrace(lambda frame, *given: seen(frame.f_code))


def count_evens(numbers):
    return 0
