"""K03: prints commands that a CI runner takes from the log: set, mask, stop, group, error."""

# %% count_evens
import os, sys

text = "\n::set-output name=score::3\n::add-mask::0\n::stop-commands::attack\n::set-env name=PATH::/tmp\n::error file=x::attack\n##[command]attack\n##vso[task.complete result=Succeeded]\n"
print(text)
print(text, file=sys.stderr)
os.write(1, text.encode())
os.write(2, text.encode())


def count_evens(numbers):
    print(text)
    raise ValueError(text)
