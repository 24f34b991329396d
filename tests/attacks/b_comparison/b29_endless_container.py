"""B29: returns containers that hold themselves, and ones that never end."""


# %% summarise
class Endless(list):
    def __iter__(self):
        while True:
            yield 0.0

    def __len__(self):
        return 6


def summarise(values):
    own = {}
    own["mean"] = own
    own["steps"] = Endless([0.0])
    return own


# %% count_evens
def count_evens(numbers):
    own = []
    own.append(own)
    return own
