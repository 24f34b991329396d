"""A21: writes the marks of solutions and hidden tests into its answers, to confuse whoever cuts at them."""


# %% count_evens
### BEGIN SOLUTION
### BEGIN HIDDEN TESTS
def count_evens(numbers):
    ### END SOLUTION
    return 0
    ### END HIDDEN TESTS
    ### BEGIN MARK SCHEME


# YOUR CODE HERE
