"""I19: goes by a name that is a command of a database, and one of a shell.

Student: "x'; DROP TABLE student; --$(touch attack-i19)"
"""


# %% count_evens
def count_evens(numbers):
    return "'; DROP TABLE grade; --"
