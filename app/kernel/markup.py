"""Markdown to safe HTML, with its contents list and its plain text.

Rendering happens when a text is saved, never when a page is read. The renderer is kept per thread: a Markdown object
shared between threads mixes up their documents.
"""

from __future__ import annotations

import hashlib
import math
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from html.parser import HTMLParser
from importlib.metadata import version
from pathlib import Path

import nh3
from flask_babel import lazy_gettext as _l
from markdown import Markdown
from pymdownx.slugs import slugify as heading_slugs

from app.kernel.deadline import TooSlowError, at_most
from app.kernel.errors import InvalidInputError

MAX_SOURCE_LENGTH = 400_000
# The longest text that can be taken needs less than two. Twenty thousand opening brackets would need minutes, and
# whoever saves holds up everybody else who writes.
MAX_SECONDS = 6.0
# Silent reading of English non-fiction: 238 words a minute (Brysbaert, "How many words do we read per minute?", 2019).
WORDS_A_MINUTE = 238
# A working figure for Chinese: about 260 words of one and a half characters.
HAN_A_MINUTE = 390

_HAN = re.compile(r"[㐀-䶿一-鿿豈-﫿]")
_WORD = re.compile(r"[0-9A-Za-zÀ-ɏ][\w'’-]*")
_CHECKBOX = re.compile(r"<input\b[^>]*>")
_HEADING_PREFIX = "h-"

# (kind, target) -> the URL to write instead, or None to drop the attribute. Kind is "link" or "image".
Resolver = Callable[[str, str], str | None]


@dataclass(frozen=True)
class Heading:
    """A line of the contents list. `level` is 2 or 3."""

    level: int
    anchor: str
    text: str


@dataclass(frozen=True)
class Rendered:
    """What is stored beside a Markdown source."""

    html: str
    text: str
    headings: tuple[Heading, ...]
    words: int
    han: int

    @property
    def minutes(self) -> int:
        """Reading time in whole minutes, at least one."""
        return max(1, math.ceil(self.words / WORDS_A_MINUTE + self.han / HAN_A_MINUTE))


def render(source: str, resolve: Resolver | None = None) -> Rendered:
    """`source` as safe HTML. `resolve` may rewrite or drop the target of each link and image.

    Raises InvalidInputError for a text that is too long, nested too deeply, or so entangled that it takes too long.
    """
    if len(source) > MAX_SOURCE_LENGTH:
        raise InvalidInputError(
            _l(
                "The text has %(count)s characters; at most %(limit)s can be shown.",
                count=f"{len(source):,}",
                limit=f"{MAX_SOURCE_LENGTH:,}",
            )
        )
    markdown = _markdown()
    try:
        with at_most(MAX_SECONDS):
            raw = markdown.reset().convert(source)
    except RecursionError:
        _renderers.__dict__.clear()
        raise InvalidInputError(_l("The text is nested too deeply to be shown.")) from None
    except TooSlowError:
        _renderers.__dict__.clear()
        raise InvalidInputError(
            _l("The text takes too long to be shown. Look for brackets that are opened many times and never closed.")
        ) from None
    html = _finish(clean(raw, resolve))
    text = plain_text(html)
    return Rendered(
        html=html,
        text=text,
        # Set by the extension `toc`.
        headings=tuple(_headings(markdown.toc_tokens)),  # type: ignore[attr-defined]
        words=len(_WORD.findall(text)),
        han=len(_HAN.findall(text)),
    )


@lru_cache(maxsize=1)
def renderer() -> str:
    """A name for the way in which texts are rendered. Another name: what is stored was rendered otherwise."""
    versions = [version(package) for package in ("markdown", "nh3", "pygments", "pymdown-extensions")]
    return hashlib.sha256(Path(__file__).read_bytes() + repr(versions).encode()).hexdigest()


def anchor(heading: str) -> str:
    """The id that a heading of this text gets."""
    return _HEADING_PREFIX + str(heading_slugs(case="lower")(heading, "-"))


def clean(html: str, resolve: Resolver | None = None) -> str:
    """`html` with everything taken out that could act: scripts, styles, handlers, foreign forms, unknown schemes."""

    def keep(tag: str, name: str, value: str) -> str | None:
        if name == "id":
            return value if _SAFE_ID.fullmatch(value) else None
        if name == "class":
            return " ".join(filter(_SAFE_CLASS.fullmatch, value.split())) or None
        if resolve and (tag, name) == ("a", "href"):
            return _checked(resolve("link", value))
        if resolve and (tag, name) == ("img", "src"):
            return _checked(resolve("image", value))
        if (tag, name) == ("input", "type"):
            return value if value == "checkbox" else None
        return value

    return nh3.clean(
        html,
        tags=_TAGS,
        clean_content_tags={
            "script",
            "style",
            "iframe",
            "object",
            "svg",
            "math",
            "template",
            "noscript",
            "textarea",
            "title",
        },
        attributes=_ATTRIBUTES,
        attribute_filter=keep,
        url_schemes=_SCHEMES,
        link_rel="noopener",
    )


def _checked(url: str | None) -> str | None:
    """What a resolver gave, unless it has a scheme that could act. Browsers overlook white space in a scheme."""
    scheme = _SCHEME.match(re.sub(r"[\x00-\x20]", "", url or ""))
    return url if scheme is None or scheme[1].lower() in _SCHEMES else None


def plain_text(html: str) -> str:
    """What a person reads of `html`, blocks divided by newlines, for snippets and counting."""
    reader = _TextReader()
    reader.feed(html)
    reader.close()
    lines = (re.sub(r"[ \t\r\f\v]+", " ", line).strip() for line in "".join(reader.parts).split("\n"))
    return "\n".join(line for line in lines if line)


def count_han(text: str) -> int:
    return len(_HAN.findall(text))


def guess_language(text: str) -> str:
    """`zh` where Han characters make up a fifth of the letters, else `en`."""
    han = count_han(text)
    letters = sum(character.isalpha() for character in text)
    return "zh" if han and han * 5 >= letters else "en"


class _Renderers(threading.local):
    markdown: Markdown | None = None


_renderers = _Renderers()


def _markdown() -> Markdown:
    if _renderers.markdown is None:
        _renderers.markdown = Markdown(
            extensions=[
                "tables",
                "footnotes",
                "def_list",
                "admonition",
                "sane_lists",
                "toc",
                "pymdownx.superfences",
                "pymdownx.highlight",
                "pymdownx.tasklist",
                "pymdownx.tilde",
            ],
            extension_configs={
                "tables": {"use_align_attribute": True},
                "footnotes": {"BACKLINK_TITLE": "{}"},
                "toc": {
                    "slugify": lambda text, _separator: anchor(text),
                    "toc_depth": "2-3",
                },
                "pymdownx.highlight": {"css_class": "highlight", "guess_lang": False},
            },
            output_format="html",
        )
    return _renderers.markdown


def _headings(tokens: list[dict[str, object]]) -> list[Heading]:
    found = []
    for token in tokens:
        found.append(
            Heading(level=int(str(token["level"])), anchor=str(token["id"]), text=plain_text(str(token["name"])))
        )
        children = token["children"]
        assert isinstance(children, list)
        found.extend(_headings(children))
    return found


def _finish(html: str) -> str:
    """What a wide table or code block needs to be scrolled by keyboard, an image to load late, and a screen reader to
    understand empty corners of tables and the boxes of task lists.
    """
    # In sanitised HTML `<` stands at tags only, so what follows cannot meet a text or an attribute.
    html = _CHECKBOX.sub(lambda box: "☑" if "checked" in box[0] else "☐", html)
    return (
        html.replace("<table", '<div class="scroll" tabindex="0" role="group"><table')
        .replace("</table>", "</table></div>")
        .replace("<pre", '<pre tabindex="0"')
        .replace("<img", '<img loading="lazy" decoding="async"')
        .replace("<th></th>", "<td></td>")
    )


class _TextReader(HTMLParser):
    _BLOCKS = frozenset(
        "p div li ul ol dl dt dd h1 h2 h3 h4 h5 h6 pre table tr td th blockquote br hr figure figcaption section".split()
    )

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self._BLOCKS:
            self.parts.append("\n")
        if tag == "img":
            self.parts.append(f" {dict(attrs).get('alt') or ''} ")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_SCHEMES = {"http", "https", "mailto"}
_SAFE_ID = re.compile(r"(?:h-|fn:|fnref\d*:)[\w:.-]*")
# Pygments marks tokens with one to three letters; the rest is what the extensions above write.
_SAFE_CLASS = re.compile(
    r"[a-z][a-z0-9]{0,2}|highlight|admonition(?:-title)?|note|tip|info|warning|danger|example|"
    r"footnote(?:-ref|-backref)?|task-list(?:-item|-control|-indicator)?"
)
_TAGS = set(
    "a abbr b blockquote br caption cite code col colgroup dd del details div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 "
    "hr i img input ins kbd label li mark ol p pre q s samp small span strong sub summary sup table tbody td tfoot th "
    "thead tr u ul var".split()
)
_ATTRIBUTES = {
    "*": {"class", "id", "lang", "dir", "title"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "td": {"align", "colspan", "rowspan"},
    "th": {"align", "colspan", "rowspan", "scope"},
    "ol": {"start"},
    "input": {"type", "checked", "disabled"},
}
