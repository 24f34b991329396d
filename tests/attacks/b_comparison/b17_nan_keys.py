"""B17: returns a dict with NaN, True and 1 among its keys, and one key many times over by equal hashes."""


# %% summarise
class Key(str):
    def __eq__(self, other):
        return False

    def __hash__(self):
        return hash("mean")


def summarise(values):
    made = {Key("mean"): index for index in range(6)}
    return made | {float("nan"): 1, float("nan"): 2, True: 3, "mean": 0.0, "steps": []}
