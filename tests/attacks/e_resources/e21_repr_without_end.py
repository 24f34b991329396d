"""E21: has a representation that grows, loops or raises wherever somebody looks at it."""


# %% count_evens
class Large:
    def __repr__(self):
        return "x" * (50 * 2**20)


class Raising:
    def __repr__(self):
        raise SystemExit("no")

    def _repr_html_(self):
        raise KeyboardInterrupt

    def _repr_mimebundle_(self, **options):
        return {b"x": 1, "text/html": Large(), 3: "y", "text/plain": None}


class Slow(Exception):
    def __str__(self):
        while True:
            pass


get_ipython().displayhook(Raising())
get_ipython().displayhook(Large())


def count_evens(numbers):
    if numbers == [1, 2, 4]:
        return 2
    raise Slow
