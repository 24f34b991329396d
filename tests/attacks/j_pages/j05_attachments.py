"""J05: attaches pictures to its Markdown that are pages, scripts, and no pictures at all."""

# %% [markdown]
# ![x](attachment:x.svg) ![y](attachment:y.png)
# %%
1
# %% hand_in
import base64


def hand_in(folder, notebook):
    page = base64.b64encode(b"<svg xmlns='http://www.w3.org/2000/svg' onload='attack()'/>").decode()
    at = next(at for at, cell in enumerate(notebook["cells"]) if "attachment:x.svg" in cell["source"])
    notebook["cells"][at]["attachments"] = {
        "x.svg": {"image/svg+xml": page, "text/html": "<script>attack()</script>"},
        "y.png": {'image/png" onload="attack()': page},
    }
    return notebook
