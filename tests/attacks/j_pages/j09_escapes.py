"""J09: prints what terminals obey: clearing, titles, links, cursor movements, marks of direction."""

# %% count_evens
print(
    "\x1b[2J\x1b[1;1H\x1b]0;attack\x07\x1b]52;c;YXR0YWNr\x07\x9b31m\r✓ count_evens 3 of 3\x08\x08\x00‮attack⁦"
)


def count_evens(numbers):
    raise ValueError("\x1b[2J\r✓ passed\x07\x9b‮")
