"""D18: matches a pattern that backtracks for longer than the sun will shine."""

# %% count_evens
import re

re.match(r"(a+)+$", "a" * 60 + "b")
