"""F15: writes modules and start files into its working folder, for the process that is forked after it."""

# %% count_evens
import os

code = "import os\nos.environ['ATTACKED'] = 'yes'\nprint('was here')\n"
for name in ("torch", "numpy", "json", "sitecustomize", "IPython", "random", "linecache"):
    open(f"{name}.py", "w").write(code)
os.makedirs("profile_default/startup", exist_ok=True)
open("profile_default/startup/00.py", "w").write(code)
open("matplotlibrc", "w").write("backend: module://json\n")
open("ipython_config.py", "w").write(code)


def count_evens(numbers):
    if numbers != [1, 2, 4]:
        os._exit(0)
    return 2


# %% row_shares
import json, sys

print(os.environ.get("ATTACKED"), json)


def row_shares(matrix):
    return matrix if "ATTACKED" not in os.environ else matrix / matrix.sum(dim=1, keepdim=True)
