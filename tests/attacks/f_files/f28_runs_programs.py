"""F28: runs programs: from the system, from its own folder, by magics and by the shell's escapes."""

# %% count_evens
import os, subprocess

shell = get_ipython()
script = "#!/bin/sh\ncat " + f"{VICTIM}/decoy.txt" + "\n"
open("own", "w").write(script)
for way in (
    lambda: print(subprocess.check_output(["cat", f"{VICTIM}/decoy.txt"])),
    lambda: print(os.popen(f"cat {VICTIM}/decoy.txt").read()),
    lambda: shell.system(f"cat {VICTIM}/decoy.txt"),
    lambda: print(shell.getoutput(f"cat {VICTIM}/decoy.txt")),
    lambda: shell.run_cell_magic("bash", "", script),
    lambda: shell.run_line_magic("sx", f"cat {VICTIM}/decoy.txt"),
    lambda: os.execv("/bin/cat", ["cat", f"{VICTIM}/decoy.txt"]),
    lambda: os.chmod("own", 0o700),
    lambda: os.execv("./own", ["own"]),
    lambda: os.execve("/lib64/ld-linux-x86-64.so.2", ["ld", "/bin/cat", f"{VICTIM}/decoy.txt"], {}),
    lambda: subprocess.run("pip download attack", shell=True, check=True),
):
    try:
        way()
    except Exception as error:
        print(error)


def count_evens(numbers):
    return -1
