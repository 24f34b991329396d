"""I17: goes by a name that a spreadsheet runs as a formula.

Student: "=cmd|'-c calc'!A0"
"""


# %% count_evens
def count_evens(numbers):
    return '=HYPERLINK("http://attack.invalid")'
