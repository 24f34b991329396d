"""D13: sleeps for a year."""

# %% count_evens
import time

time.sleep(365 * 24 * 3600)
