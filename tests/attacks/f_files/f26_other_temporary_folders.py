"""F26: looks into the folders of other students' processes, the grader's and the server's."""

# %% count_evens
import glob, os, tempfile

here = os.getcwd()
for pattern in (
    f"{here}/../*",
    f"{here}/../*/*",
    "/tmp/*",
    "/tmp/autograde*/*",
    f"{here}/../autograde-work-*/*",
    f"{here}/../autograde-home-*/.cache/*",
):
    print(glob.glob(pattern))
for top in (os.path.dirname(here), "/tmp"):
    try:
        print(os.listdir(top))
        tempfile.mkstemp(prefix="attack-f26", dir=top)
    except OSError as error:
        print(error)
    try:
        os.rename(here, f"{top}/attack-f26")
    except OSError as error:
        print(error)
os.chdir("..")


def count_evens(numbers):
    return os.getcwd()
