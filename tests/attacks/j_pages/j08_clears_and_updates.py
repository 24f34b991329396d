"""J08: clears and updates displays of other cells, asks for input, and sets the next cell's text."""

# %% count_evens
from IPython.display import clear_output, display

shell = get_ipython()
shown = display("first", display_id="grading-notice")
shell.display_pub.publish({"text/plain": "3.0"}, update=True, transient={"display_id": "grading-notice"})
shell.set_next_input("def count_evens(numbers): return 3", replace=True)
shell.payload_manager.write_payload({"source": "ask_exit", "keepkernel": False})
shell.payload_manager.write_payload(
    {"source": "page", "data": {"text/html": "<script>attack()</script>"}, "start": 0}
)
for _ in range(3):
    clear_output()


def count_evens(numbers):
    clear_output(wait=True)
    return -1
