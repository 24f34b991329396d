"""J02: shows JavaScript, widgets and frames by MIME types of their own."""

# %% count_evens
from IPython.display import IFrame, Javascript, display

display(Javascript("attack()"), IFrame("http://attack.invalid", 1, 1))
bundle = {
    "application/javascript": "attack()",
    "application/vnd.jupyter.widget-view+json": {"model_id": "attack"},
    "text/html": "<iframe src='javascript:attack()'>",
    "image/svg+xml": "<svg onload='attack()'/>",
    "application/pdf": "attack",
    "text/markdown": "<script>attack()</script>",
    "text/latex": "$$\\unicode{<script>attack()</script>}$$",
    "application/x-attack": "x",
    "text/plain; <script>": "x",
}
display(bundle, raw=True)
display(bundle, raw=True, metadata={"text/html": {"isolated": False}, "trusted": True})


def count_evens(numbers):
    return "<script>attack()</script>"
