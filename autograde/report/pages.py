"""Markdown rendered and made harmless, for the pages nbgrader makes of graded notebooks.

`HTMLExporter.sanitize_html` does not reach the Markdown cells there: nbgrader's templates replace the part of
nbconvert's that looks at it. But they pass all rendered Markdown, of cells and comments, through the filter
`strip_files_prefix`. And nbconvert's `markdown2html` gives up on the whole page where a cell names a picture
that is not attached. So this module's filters of these names stand in for nbconvert's in nbgrader_config.py.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Any

import bleach  # type: ignore[import-untyped]
from bleach.css_sanitizer import CSSSanitizer  # type: ignore[import-untyped]
from jinja2 import pass_context
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

MAX_MARKDOWN = 20_000  # characters of a cell; a longer one is shown as it was written

TAGS = frozenset(bleach.ALLOWED_TAGS) | {
    *("br", "del", "div", "hr", "p", "pre", "s", "span", "sub", "sup", "img"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "dl", "dt", "dd"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
PROTOCOLS = frozenset({"http", "https", "mailto", "data"})
PICTURES = ("data:image/png;base64,", "data:image/jpeg;base64,")
STYLES = CSSSanitizer(allowed_css_properties=["text-align"])  # how Markdown aligns the columns of a table


@pass_context
def markdown2html(context: Mapping[str, Any], source: str) -> str:
    """Return Markdown as HTML, which is not harmless yet; text that cannot be rendered as it was written."""
    try:
        if len(source) <= MAX_MARKDOWN:
            cell = context.get("cell") or {}
            renderer = IPythonRenderer(escape=False, attachments=_Attachments(cell.get("attachments") or {}))
            return str(MarkdownWithMath(renderer=renderer).render(source))
    except Exception:  # of a parser that was given hostile text: one page less is one student less
        pass
    return f"<pre>{html.escape(source)}</pre>"


class _Attachments(dict[str, Any]):
    """A cell's attachments; one that is missing is a picture that cannot be shown."""

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> dict[str, str]:
        return {"image/png": ""}


def strip_files_prefix(rendered: str) -> str:
    """Return rendered Markdown without scripts, foreign pictures, styles and whatever else is no prose."""
    # nbconvert's filter of this name mends links of ten years ago, and takes minutes for a million brackets.
    return str(bleach.clean(rendered, TAGS, _allowed, PROTOCOLS, css_sanitizer=STYLES))


def _allowed(tag: str, name: str, value: str) -> bool:
    """Whether an element may have an attribute; a picture from elsewhere would tell who looked at it when."""
    if name == "href":
        return tag == "a" and not value.strip().lower().startswith("data:")
    if name == "src":
        return tag == "img" and value.startswith(PICTURES)
    return name in {"class", "id", "title", "alt"} or (name == "style" and tag in {"td", "th"})
