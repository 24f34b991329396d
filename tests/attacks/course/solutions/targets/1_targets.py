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
# # Targets
#
# Four small exercises whose results are a whole number, a tensor, a dict and a trained model.

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
import torch

# %% [markdown]
# ## Exercise 1


# %% nbgrader={"grade": false, "grade_id": "count_evens", "locked": false, "schema_version": 3, "solution": true, "task": false}
def count_evens(numbers):
    """Return how many whole numbers of a list are even."""
    ### BEGIN SOLUTION
    # CANARY
    return sum(number % 2 == 0 for number in numbers)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_count_evens", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
assert count_evens([1, 2, 4]) == 2

# %% [markdown]
# ## Exercise 2


# %% nbgrader={"grade": false, "grade_id": "row_shares", "locked": false, "schema_version": 3, "solution": true, "task": false}
def row_shares(matrix):
    """Return each number of a matrix of positive numbers divided by the sum of its row."""
    ### BEGIN SOLUTION
    # CANARY
    return matrix / matrix.sum(dim=1, keepdim=True)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_row_shares", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
assert torch.allclose(row_shares(torch.tensor([[1.0, 3.0]])), torch.tensor([[0.25, 0.75]]))

# %% [markdown]
# ## Exercise 3


# %% nbgrader={"grade": false, "grade_id": "summarise", "locked": false, "schema_version": 3, "solution": true, "task": false}
def summarise(values):
    """Return `{"mean": ..., "steps": [...]}`: the mean of decimal numbers, and each minus the one before."""
    ### BEGIN SOLUTION
    # CANARY
    steps = [values[at] - values[at - 1] for at in range(1, len(values))]
    return {"mean": sum(values) / len(values), "steps": steps}
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_summarise", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
assert summarise([0.5, 1.5]) == {"mean": 1.0, "steps": [1.0]}

# %% [markdown]
# ## Exercise 4


# %% nbgrader={"grade": false, "grade_id": "fit_line", "locked": false, "schema_version": 3, "solution": true, "task": false}
def fit_line(x, y):
    """Return a `torch.nn.Linear(1, 1)` that is trained to give `y` for `x`, both of shape (n, 1)."""
    ### BEGIN SOLUTION
    # CANARY
    model = torch.nn.Linear(1, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.3)
    for _ in range(60):
        optimizer.zero_grad()
        torch.nn.functional.mse_loss(model(x), y).backward()
        optimizer.step()
    return model
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_fit_line", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
assert fit_line(torch.tensor([[-1.0], [1.0]]), torch.tensor([[0.0], [2.0]])).weight.shape == (1, 1)
