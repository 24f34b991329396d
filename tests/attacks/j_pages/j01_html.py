"""J01: shows HTML with a script, as a result, as a display and by every way of representation."""

# %% count_evens
from IPython.display import HTML, display

script = "<script>attack()</script><img src=x onerror=attack()><attack onload=x>"


class Shown:
    def _repr_html_(self):
        return script

    def _repr_markdown_(self):
        return script

    def _repr_latex_(self):
        return "$\\href{javascript:attack()}{x}$"

    def _repr_svg_(self):
        return f"<svg onload='attack()'>{script}</svg>"

    def _repr_json_(self):
        return {"attack": script}

    def _repr_javascript_(self):
        return "attack()"

    def __repr__(self):
        return script


display(HTML(script), Shown())


def count_evens(numbers):
    display(HTML(script))
    return Shown()


Shown()
