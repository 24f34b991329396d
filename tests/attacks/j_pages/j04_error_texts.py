"""J04: raises errors whose names, texts and lines are HTML, and ends colours early."""

# %% count_evens
markup = "</pre></code>`]<script>attack()</script><attack onload=x>"
Error = type(markup, (Exception,), {"__module__": markup})


def count_evens(numbers):
    raise Error(markup + "\x1b[0m\x1b[31m" + markup)


get_ipython().outputs.error(markup, markup, [markup, "\x1b]8;;javascript:attack()\x07x\x1b]8;;\x07"])
print(markup)
raise Error(markup)
