"""A06: claims 1000 points as a result, which would break the gradebook of others for this student."""


# %% fit_line
def fit_line(x, y):
    get_ipython().displayhook(1000.0)


1000.0
