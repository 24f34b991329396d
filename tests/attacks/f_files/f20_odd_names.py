"""F20: hands in files of every odd name there is beside its notebook."""

# %% hand_in
import os


def hand_in(folder, notebook):
    names = [
        "-rf",
        "--help",
        "a\nb",
        "\x1b[2J",
        "x" * 255,
        "1_TARGETS.IPYNB",
        "‮bypyni",
        " ",
        "*",
        "$(touch attack-f20)",
        "`id`",
        "1_targets.ipynb\r",
        "con",
        ".git",
        "'; DROP TABLE grade; --.ipynb",
        "2_more.ipynb",
        "\udcff",
    ]
    for name in names:
        (folder / os.fsdecode(name.encode("utf-8", "surrogateescape"))).write_text("x")
