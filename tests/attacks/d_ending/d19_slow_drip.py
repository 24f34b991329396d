"""D19: takes just less than its time in every cell, until the notebook's time is used up.

Marks: all 0
Says: the notebook had used up its 6 s
"""

# %%
import time

time.sleep(1.3)
# %%
time.sleep(1.3)
# %%
time.sleep(1.3)
# %%
time.sleep(1.3)
# %%
time.sleep(1.3)


# %% count_evens
def count_evens(numbers):
    return 0
