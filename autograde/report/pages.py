"""Rendered Markdown made harmless, for the pages nbgrader makes of graded notebooks.

`HTMLExporter.sanitize_html` does not reach the Markdown cells there: nbgrader's templates replace the part of
nbconvert's that asks for it. What they do pass all rendered Markdown through, cells and comments, is the filter
`strip_files_prefix`, so `strip_files_prefix` of this module goes in its place (see nbgrader_config.py).
"""

from __future__ import annotations

import bleach
from bleach.css_sanitizer import CSSSanitizer
from nbconvert import filters

TAGS = frozenset(bleach.ALLOWED_TAGS) | frozenset(
    "br del div dd dl dt h1 h2 h3 h4 h5 h6 hr img p pre s span sub sup table tbody td th thead tr".split()
)
PROTOCOLS = frozenset({"http", "https", "mailto", "data"})
PICTURES = ("data:image/png;base64,", "data:image/jpeg;base64,")
CELL_STYLES = CSSSanitizer(allowed_css_properties=["text-align"])  # how Markdown tables align their columns


def strip_files_prefix(html: str) -> str:
    """Return rendered Markdown without scripts, styles, foreign pictures and whatever else is no prose."""
    return bleach.clean(
        filters.strip_files_prefix(html),
        tags=TAGS,
        attributes=_allowed,
        protocols=PROTOCOLS,
        css_sanitizer=CELL_STYLES,
    )


def _allowed(tag: str, name: str, value: str) -> bool:
    """Whether an element may have an attribute. Pictures come with the notebook: a foreign one would call home."""
    if name in {"class", "id", "title", "alt"}:
        return True
    if name == "href":
        return tag == "a" and not value.strip().lower().startswith("data:")
    if name == "src":
        return tag == "img" and value.startswith(PICTURES)
    return name == "style" and tag in {"td", "th"}
