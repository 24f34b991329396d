"""K06: hands in tests, configuration and a workflow of its own beside the notebook, as if it were the course."""


# %% count_evens
def count_evens(numbers):
    return -1


# %% hand_in
def hand_in(folder, notebook):
    for name, text in (
        ("tests/exercises/targets/count_evens/test_count_evens.py", "def test_many_numbers():\n    pass\n"),
        ("nbgrader_config.py", "c = get_config()\nc.IncludeHeaderFooter.header = ''\n"),
        ("pyproject.toml", "[tool.autograde]\nseed = 7\nminimum_isolation = 'none'\n"),
        (".github/workflows/test.yml", "on: push\n"),
        ("solutions/targets/1_targets.py", "x = 1\n"),
        ("gradebook.db", ""),
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
