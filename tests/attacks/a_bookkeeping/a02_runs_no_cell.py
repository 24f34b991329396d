"""A02: has the shell run nothing from here on, so that no test can fail.

Marks: all 0
"""

# %% count_evens
import IPython.core.interactiveshell as interactive


class Fine:
    success = True
    error_in_exec = error_before_exec = result = None


for kind in type(get_ipython()).__mro__:
    for name in ("run_cell", "run_cell_async", "run_ast_nodes", "run_code"):
        if name in vars(kind):
            setattr(kind, name, lambda *given, **options: Fine())
