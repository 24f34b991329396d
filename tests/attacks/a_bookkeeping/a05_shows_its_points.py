"""A05: displays its own points, before and after the error that follows."""

# %% count_evens
from IPython.display import display


def count_evens(numbers):
    get_ipython().displayhook(3.0)
    get_ipython().outputs.show(
        {"output_type": "execute_result", "execution_count": 1, "data": {"text/plain": "3.0"}, "metadata": {}}
    )
    raise ValueError("3.0")
