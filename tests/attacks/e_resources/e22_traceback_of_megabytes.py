"""E22: raises errors with chains and notes of megabytes, after a thousand frames."""


# %% count_evens
def deep(number):
    if number:
        try:
            return deep(number - 1)
        except ValueError as error:
            raise ValueError("x" * 10**5) from error
    raise ValueError("bottom")


def count_evens(numbers):
    error = ExceptionGroup("x" * 10**6, [ValueError("y" * 10**6)] * 500)
    error.add_note("z" * 10**7)
    raise error


deep(100)
