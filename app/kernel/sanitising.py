"""HTML that can do nothing, and what a person reads of it.

The sanitiser works without asking Python back: a question for each attribute took more time than all the rest. What it
cannot express is checked afterwards, in HTML that it wrote itself, where `<` and `>` stand at tags only and a quotation
mark only around a value.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape, unescape

import nh3
from pygments.token import STANDARD_TYPES

# (kind, target) -> the URL to write instead, or None to drop the attribute. Kind is "link" or "image".
Resolver = Callable[[str, str], str | None]


def without_hidden_signs(text: str) -> str:
    """`text` with nothing in it that cannot be seen and changes what is: signs that turn the direction around are shown by
    their number (a line of code could look like another one, CVE-2021-42574), those that only hide are left out.
    """
    return _HIDDEN.sub(lambda sign: f"‹U+{ord(sign[0]):04X}›" if sign[0] in _TURNING else "", text)


def clean(html: str, resolve: Resolver | None = None) -> str:
    """`html` with everything taken out that could act: scripts, styles, handlers, foreign forms, unknown schemes."""
    html = _ID.sub(lambda found: found[0] if _SAFE_ID.fullmatch(found[1]) else "", _CLEANER.clean(html))
    if ' class=""' in html:
        html = _NO_CLASS.sub("", html)
    if resolve is None:
        return html
    html = _HREF.sub(lambda found: _resolved("href", resolve("link", unescape(found[1]))), html)
    return _SRC.sub(lambda found: _resolved("src", resolve("image", unescape(found[1]))), html)


def _resolved(attribute: str, url: str | None) -> str:
    """What a resolver gave, unless it has a scheme that could act. Browsers overlook white space in a scheme."""
    scheme = _SCHEME.match(re.sub(r"[\x00-\x20]", "", url or ""))
    is_harmless = url is not None and (scheme is None or scheme[1].lower() in _SCHEMES)
    return f' {attribute}="{escape(url or "")}"' if is_harmless else ""


def plain_text(html: str) -> str:
    """What a person reads of sanitised `html`, blocks divided by newlines, for snippets and counting."""
    text = _BLOCK.sub("\n", html)
    if "<img" in text:
        text = _IMAGE.sub(lambda image: f" {image[1] or ''} ", text)
    text = _ANY_TAG.sub("", text)
    if "&" in text:
        text = unescape(text)
    return _BREAKS.sub("\n", _SPACES.sub(" ", text)).strip()


_TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
# Beside these: controls, spaces without width, invisible operators, marks of byte order and annotation, and the invisible twins of
# ASCII. Joiners and the marks of direction stay: Persian, Hindi and emoji are written with them, and they turn nothing around.
_HIDDEN = re.compile(
    f"[{_TURNING}\x00-\x08\x0b\x0e-\x1f\x7f\u200b\u2060-\u2064\u206a-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_ID = re.compile(r' id="([^"]*)"(?=[^<>]*>)')
_NO_CLASS = re.compile(r' class=""(?=[^<>]*>)')
_HREF = re.compile(r' href="([^"]*)"(?=[^<>]*>)')
_SRC = re.compile(r' src="([^"]*)"(?=[^<>]*>)')
_SAFE_ID = re.compile(r"(?:h-|fn:|fnref\d*:)[\w:.-]*")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_SCHEMES = {"http", "https", "mailto"}
_BLOCK = re.compile(
    r"</?(?:p|div|li|[uod]l|d[dt]|h[1-6r]|pre|table|t[rdh]|blockquote|br|figure|figcaption|section)(?: [^>]*)?>"
)
_IMAGE = re.compile(r'<img(?: (?:[^>]*? )?alt="([^"]*)")?[^>]*>')
_ANY_TAG = re.compile(r"<[^>]*>")
_SPACES = re.compile(r"[\t\r\f\v][ \t\r\f\v]*| [ \t\r\f\v]+")
_BREAKS = re.compile(r" \n[ \n]*|\n[ \n]+")
# What the extensions of `markup` write, and what Pygments marks tokens with.
_CLASSES = {name for name in STANDARD_TYPES.values() if name} | set(
    "highlight admonition admonition-title note tip info warning danger example footnote footnote-ref footnote-backref "
    "task-list task-list-item task-list-control task-list-indicator lost-link mention".split()
)
_TAGS = set(
    "a abbr b blockquote br caption cite code col colgroup dd del details div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 "
    "hr i img input ins kbd label li mark ol p pre q s samp small span strong sub summary sup table tbody td tfoot th "
    "thead tr u ul var".split()
)
_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    clean_content_tags=set("script style iframe object svg math template noscript textarea title".split()),
    attributes={
        "*": {"id", "lang", "dir", "title"},
        "a": {"href"},
        "img": {"src", "alt", "width", "height"},
        "td": {"align", "colspan", "rowspan"},
        "th": {"align", "colspan", "rowspan", "scope"},
        "ol": {"start"},
        "input": {"checked", "disabled"},
    },
    tag_attribute_values={"input": {"type": {"checkbox"}}},
    allowed_classes=dict.fromkeys(_TAGS, _CLASSES),
    url_schemes=_SCHEMES,
    link_rel="noopener",
)
