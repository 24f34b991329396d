"""D05: ends by the shell's own `exit`, `quit` and their magics."""


# %% count_evens
def count_evens(numbers):
    get_ipython().ask_exit()
    return quit() or -1


exit()
quit()
get_ipython().exit_now = True
