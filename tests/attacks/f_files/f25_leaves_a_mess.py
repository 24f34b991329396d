"""F25: leaves behind what is hard to remove: closed folders, links to other places, pipes, odd names."""

# %% count_evens
import os

os.makedirs("closed/inner/" + "x" * 200)
for name in ("-rf", "a\nb", "\x1b[2J", "..."):
    open(name, "w").write("x")
os.symlink(VICTIM, "closed/victim")
os.symlink("/", "closed/root")
os.symlink("loop", "loop")
os.link("-rf", "twice")
os.umask(0o777)
os.mkdir("closed/none")
open("closed/inner/none", "w").close()
try:
    os.mkfifo("pipe")
except OSError as error:
    print(error)
try:
    os.chmod("closed", 0)
except OSError as error:
    print(error)


def count_evens(numbers):
    return -1
