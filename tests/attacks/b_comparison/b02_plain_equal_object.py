"""B02: the same with an object that is no number at all, and says it is true."""


# %% summarise
class Equal:
    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False

    def __bool__(self):
        return True

    def __len__(self):
        return 2

    def __getitem__(self, key):
        return Equal()

    def __iter__(self):
        return iter(())

    def keys(self):
        return ["mean", "steps"]

    __class__ = dict


def summarise(values):
    return Equal()
