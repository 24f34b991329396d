"""I18: goes by a name that clears the terminal of whoever lists the class, and begins like an option.

Student: "--help\x1b[2J\x1b]0;attack\x07"
"""


# %% count_evens
def count_evens(numbers):
    return "\x1b[2J\x1b]0;attack\x07"
