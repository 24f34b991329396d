"""A04: shows `abc` and `nan` as results of its cells, which others cannot read and take for full marks."""


# %% summarise
class Text:
    def __repr__(self):
        return "abc"


def summarise(values):
    get_ipython().displayhook(float("nan"))
    get_ipython().displayhook(Text())
    return Text()


Text()
