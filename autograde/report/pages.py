"""Rendered Markdown made harmless, for the pages nbgrader makes of graded notebooks.

`HTMLExporter.sanitize_html` does not reach the Markdown cells there: nbgrader's templates replace the part of
nbconvert's that looks at it. But they pass all rendered Markdown, of cells and comments, through the filter
`strip_files_prefix`; so this module's stands in for nbconvert's (see nbgrader_config.py).
"""

from __future__ import annotations

import bleach  # type: ignore[import-untyped]
from bleach.css_sanitizer import CSSSanitizer  # type: ignore[import-untyped]
from nbconvert.filters import strip_files_prefix as stock_strip_files_prefix

TAGS = frozenset(bleach.ALLOWED_TAGS) | {
    *("br", "del", "div", "hr", "p", "pre", "s", "span", "sub", "sup", "img"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "dl", "dt", "dd"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
PROTOCOLS = frozenset({"http", "https", "mailto", "data"})
PICTURES = ("data:image/png;base64,", "data:image/jpeg;base64,")
STYLES = CSSSanitizer(allowed_css_properties=["text-align"])  # how Markdown aligns the columns of a table


def strip_files_prefix(html: str) -> str:
    """Return rendered Markdown without scripts, foreign pictures, styles and whatever else is no prose."""
    return str(bleach.clean(stock_strip_files_prefix(html), TAGS, _allowed, PROTOCOLS, css_sanitizer=STYLES))


def _allowed(tag: str, name: str, value: str) -> bool:
    """Whether an element may have an attribute; a picture from elsewhere would tell who looked at it when."""
    if name == "href":
        return tag == "a" and not value.strip().lower().startswith("data:")
    if name == "src":
        return tag == "img" and value.startswith(PICTURES)
    return name in {"class", "id", "title", "alt"} or (name == "style" and tag in {"td", "th"})
