# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Numbers
#
# Two small exercises: adding numbers, and describing a list of them.

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
import math

# %%
temperatures = [14.0, 9.5, 17.0, 12.5]

# %% [markdown]
# ## Exercise 1
#
# Write a function that adds two numbers.


# %% nbgrader={"grade": false, "grade_id": "add_numbers", "locked": false, "schema_version": 3, "solution": true, "task": false}
def add_numbers(a, b):
    """Return the sum of two numbers."""
    ### BEGIN SOLUTION
    return a + b
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_add_numbers", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
assert add_numbers(2, 3) == 5
assert math.isclose(add_numbers(0.25, 0.5), 0.75)

# %% [markdown]
# ## Exercise 2
#
# Write a function that describes a list of numbers.


# %% nbgrader={"grade": false, "grade_id": "describe", "locked": false, "schema_version": 3, "solution": true, "task": false}
def describe(numbers):
    """Return `{"smallest": ..., "largest": ..., "mean": ...}` of a list of numbers, and `{}` if it is empty.

    The list is not changed.
    """
    ### BEGIN SOLUTION
    if not numbers:
        return {}
    return {"smallest": min(numbers), "largest": max(numbers), "mean": sum(numbers) / len(numbers)}
    ### END SOLUTION


# %% [markdown]
# Answer both questions with one of the two words behind them.
#
# - a) Which number of the description changes when the list is shuffled? `"mean"` or `"none"`
# - b) One number of the list grows. Which number of the description changes for sure? `"mean"` or `"largest"`

# %% nbgrader={"grade": false, "grade_id": "answers_describe", "locked": false, "schema_version": 3, "solution": true, "task": false}
answers_describe = {"a": "?", "b": "?"}  # write your answers in place of the question marks
### BEGIN SOLUTION
answers_describe = {"a": "none", "b": "mean"}
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_describe", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
assert describe([1, 2, 6]) == {"smallest": 1, "largest": 6, "mean": 3.0}
assert set(answers_describe) == {"a", "b"}, "Answer both questions."

# %% [markdown] nbgrader={"grade": true, "grade_id": "explain_describe", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
# Which number describes `temperatures` worst, and why?
#
# ### BEGIN SOLUTION
# The largest: it belongs to one warm day, and says nothing of the others.
#
# 1 point for naming a number, 1 point for the reason.
# ### END SOLUTION
