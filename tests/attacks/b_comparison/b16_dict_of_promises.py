"""B16: returns a dict and a list that tell other lengths and items each time they are asked."""


# %% summarise
class Shifty(dict):
    def items(self):
        return iter([("mean", 0.0), ("steps", [])] * 2)

    def __len__(self):
        return 2

    def __eq__(self, other):
        return True

    def __getitem__(self, key):
        return 1.0


class Long(list):
    def __len__(self):
        return 6

    def __eq__(self, other):
        return True

    def __iter__(self):
        return iter([0.0] * 6)


def summarise(values):
    return Shifty(mean=0.0, steps=Long())
