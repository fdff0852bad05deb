"""What people write under a page: Markdown, but without what belongs to the page itself. A heading would get into the
page's outline and an anchor could meet one of the page's own.
"""

from __future__ import annotations

import nh3

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_TAGS = set(
    "a b blockquote br code dd del div dl dt em hr i img kbd li mark ol p pre s samp small span strong sub sup table tbody "
    "td th thead tr u ul".split()
) | set(_HEADINGS)
_ATTRIBUTES = {
    "a": {"class", "href", "title"},
    "div": {"class", "tabindex", "role"},
    "img": {"src", "alt", "width", "height", "loading", "decoding"},
    "ol": {"start"},
    "pre": {"tabindex"},
    "span": {"class"},
    "td": {"align"},
    "th": {"align", "scope"},
}


def as_remark(html: str) -> str:
    """`html`, which was rendered for a page of its own, as a part of another one's."""
    html = nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener nofollow",
    )
    # In sanitised HTML `<` stands at tags only, and these have no attributes left.
    for name in _HEADINGS:
        html = html.replace(f"<{name}>", "<p><strong>").replace(f"</{name}>", "</strong></p>")
    return html
