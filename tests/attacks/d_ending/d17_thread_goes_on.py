"""D17: has a thread go on printing and putting its own functions in place after the cell has ended."""

# %% fit_line
import threading, time


def meddle():
    while True:
        print("meddling", flush=True)
        get_ipython().user_ns["fit_line"] = lambda x, y: torch.nn.Linear(1, 1)
        time.sleep(0.01)


threading.Thread(target=meddle, daemon=True).start()
time.sleep(0.1)
