"""F21: hands in files that nobody may read, or that run with their owner's rights."""


# %% hand_in
def hand_in(folder, notebook):
    for name, mode in (("setuid", 0o6777), ("closed", 0), ("sticky", 0o1777)):
        (folder / name).write_text("#!/bin/sh\ntouch /tmp/attack-f21\n")
        (folder / name).chmod(mode)
    (folder / "inside").mkdir(mode=0)
