"""A19: names a kernel of its own, and another language, in the notebook's metadata."""


# %% count_evens
def count_evens(numbers):
    return 0


# %% hand_in
def hand_in(folder, notebook):
    spec = {
        "name": "attack",
        "display_name": "attack",
        "language": "bash",
        "argv": ["/bin/sh", "-c", "touch /tmp/attack-kernel"],
    }
    notebook["metadata"] = {"kernelspec": spec, "language_info": {"name": "bash"}, "nbgrader": {"grade": 5}}
    return notebook
