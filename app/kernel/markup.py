"""Markdown to safe HTML, with its contents list and its plain text.

Rendering happens when a text is saved, never when a page is read, and outside of the transaction that saves it. The renderer
is kept per thread: a Markdown object shared between threads mixes up their documents.
"""

from __future__ import annotations

import hashlib
import math
import re
import threading
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from flask_babel import lazy_gettext as _l
from markdown import Markdown
from markdown.extensions import Extension
from pymdownx.slugs import slugify as heading_slugs

from app.kernel.entangled import is_entangled, is_nested_too_deeply
from app.kernel.errors import InvalidInputError
from app.kernel.quick_inline import QuickInline
from app.kernel.references import Names, Noted, References
from app.kernel.sanitising import Resolver, clean, plain_text, without_hidden_signs

MAX_SOURCE_LENGTH = 400_000
TOO_DEEP = _l("The text is nested too deeply to be shown.")
# Silent reading of English non-fiction: 238 words a minute (Brysbaert, "How many words do we read per minute?", 2019).
WORDS_A_MINUTE = 238
# A working figure for Chinese: about 260 words of one and a half characters.
HAN_A_MINUTE = 390

_HAN = re.compile(r"[㐀-䶿一-鿿豈-﫿]")
_WORD = re.compile(r"[0-9A-Za-zÀ-ɏ][\w'’-]*")
_CHECKBOX = re.compile(r"<input\b[^>]*>")
_HEADING_PREFIX = "h-"


@dataclass(frozen=True)
class Heading:
    """A line of the contents list. `level` is 2 or 3."""

    level: int
    anchor: str
    text: str


@dataclass(frozen=True)
class Rendered:
    """What is stored beside a Markdown source. `lost` are `[[links]]` that lead nowhere, `mentions` the handles of those who are
    mentioned and exist; both are empty where nobody was asked for names.
    """

    html: str
    text: str
    headings: tuple[Heading, ...]
    words: int
    han: int
    lost: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()

    @property
    def minutes(self) -> int:
        """Reading time in whole minutes, at least one."""
        return max(1, math.ceil(self.words / WORDS_A_MINUTE + self.han / HAN_A_MINUTE))


def render(source: str, resolve: Resolver | None = None, names: Names | None = None) -> Rendered:
    """`source` as safe HTML. `resolve` may rewrite or drop the target of each link and image; `names` says what `[[links]]` and
    `@mentions` stand for, without it they are text like any other.

    Raises InvalidInputError for a text that is too long, nested too deeply, or so entangled that it would take too long.
    """
    if len(source) > MAX_SOURCE_LENGTH:
        raise InvalidInputError(
            _l(
                "The text has %(count)s characters; at most %(limit)s can be shown.",
                count=f"{len(source):,}",
                limit=f"{MAX_SOURCE_LENGTH:,}",
            )
        )
    source = without_hidden_signs(source)
    if is_nested_too_deeply(source):
        raise InvalidInputError(TOO_DEEP)
    if is_entangled(source):
        raise InvalidInputError(
            _l("The text takes too long to be shown. Look for brackets that are opened many times and never closed.")
        )
    has_names = names is not None and ("[[" in source or "@" in source)
    raw, headings, noted = _convert(source, names if has_names else None)
    html = _finish(clean(raw, _beside(noted, resolve) if resolve else None))
    text = plain_text(html)
    return Rendered(
        html=html,
        text=text,
        headings=headings,
        words=len(_WORD.findall(text)),
        han=len(_HAN.findall(text)),
        lost=tuple(noted.lost),
        mentions=tuple(noted.mentions),
    )


def _convert(source: str, names: Names | None) -> tuple[str, tuple[Heading, ...], Noted]:
    """HTML as Markdown makes it, which is not safe yet."""
    try:
        if names is None:
            markdown = _renderers.plain = _renderers.plain or markdown_for()
            raw, noted = markdown.reset().convert(source), Noted()
        else:
            references = _renderers.references = _renderers.references or References()
            markdown = _renderers.referring = _renderers.referring or markdown_for(references)
            references.begin(names)
            raw, noted = markdown.reset().convert(source), references.noted
    except RecursionError:
        _renderers.__dict__.clear()
        raise InvalidInputError(TOO_DEEP) from None
    # Set by the extension `toc`.
    return raw, tuple(_headings(markdown.toc_tokens)), noted  # type: ignore[attr-defined]


def _beside(noted: Noted, resolve: Resolver) -> Resolver:
    """`resolve` for what was written as an address; what a name stands for is an address already."""
    return lambda kind, target: target if target in noted.urls else resolve(kind, target)


@lru_cache(maxsize=1)
def renderer() -> str:
    """A name for the way in which texts are rendered. Another name: what is stored was rendered otherwise."""
    versions = [version(package) for package in ("markdown", "nh3", "pygments", "pymdown-extensions")]
    here = Path(__file__)
    code = b"".join(
        here.with_name(f"{name}.py").read_bytes() for name in ("markup", "quick_inline", "references", "sanitising")
    )
    return hashlib.sha256(code + repr(versions).encode()).hexdigest()


def anchor(heading: str) -> str:
    """The id that a heading of this text gets."""
    return _HEADING_PREFIX + str(heading_slugs(case="lower")(heading, "-"))


def count_han(text: str) -> int:
    return len(_HAN.findall(text))


def guess_language(text: str) -> str:
    """`zh` where Han characters make up a fifth of the letters, else `en`."""
    han = count_han(text)
    letters = sum(character.isalpha() for character in text)
    return "zh" if han and han * 5 >= letters else "en"


class _Renderers(threading.local):
    plain: Markdown | None = None
    referring: Markdown | None = None
    references: References | None = None


_renderers = _Renderers()


def markdown_for(*more: Extension) -> Markdown:
    """A renderer of its own, with `more` extensions before those of the house. What it makes is not safe yet."""
    return Markdown(
        extensions=[
            *more,
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
            QuickInline(),
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
