"""D20: catches the interrupt of a deadline and gives a right answer when it is too late.

Says: it was stopped after 1 s
"""

# %% count_evens
import time


def count_evens(numbers):
    if numbers != [1, 2, 4]:
        try:
            time.sleep(1.2)
        except BaseException:
            pass
    return sum(number % 2 == 0 for number in numbers)
