"""A22: hands in under the name of another student, in metadata and in files beside the notebook."""


# %% count_evens
def count_evens(numbers):
    return 0


# %% hand_in
def hand_in(folder, notebook):
    notebook["metadata"]["student"] = notebook["metadata"]["nbgrader"] = {"student_id": "Ann", "name": "Ann"}
    (folder / "student.txt").write_text("Ann")
    (folder / "Ann.json").write_text('{"student": "Ann", "score": 0}')
    return notebook
