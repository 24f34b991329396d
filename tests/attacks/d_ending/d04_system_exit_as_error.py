"""D04: raises SystemExit, KeyboardInterrupt and GeneratorExit, which pass most handlers."""

# %% count_evens
kinds = [SystemExit, KeyboardInterrupt, GeneratorExit]
asked = []


def count_evens(numbers):
    asked.append(1)
    raise kinds[len(asked) % 3](0)


# %% row_shares
class Quiet(BaseException):
    pass


def row_shares(matrix):
    raise Quiet
