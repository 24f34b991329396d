"""D10: loops without end, in its cell and when it is asked.

Says: an endless loop?
"""

# %% count_evens
while True:
    pass


# %% summarise
def summarise(values):
    while len(values) == 7:
        pass
    return {"mean": 1.0, "steps": [1.0]}
