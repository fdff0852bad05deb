"""`[[links]]` and `@mentions` in a text: what they look like, and how they become HTML.

What a name stands for is asked of `Names`; a text is searched for names first (`links_in`, `mentions_in`), so that whoever
answers can look all of them up at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.util import AtomicString

# So many different names of one text are looked up; a text with more of them is a list that nobody wrote by hand.
MOST_NAMES = 300
_LINK = r"\[\[(?P<name>[^\[\]|\\\n\x02\x03]{1,200})(?:(?P<bar>\\?\||\x02klzzwxh:\d+\x03)(?P<shown>[^\[\]\n\x02\x03]{1,200}))?\]\](?!\(|\[(?!\[))"
# An address of mail, a package such as @scope/name and a decorator with a dot are no mentions. Chinese puts no space before one.
_MENTION = r"(?<![A-Za-z0-9_.@/+-])@(?P<handle>[A-Za-z0-9](?:-?[A-Za-z0-9]){1,39})(?![A-Za-z0-9_@/-]|\.[A-Za-z0-9])"
_LINKS, _MENTIONS = re.compile(_LINK), re.compile(_MENTION)
_ESCAPED_BAR = f"\x02{ord('|')}\x03"
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_CODE = re.compile(r"`+[^`\n]*`+")


@dataclass(frozen=True)
class Reference:
    """What a name stands for: where it is, and what it is called. A person without a page has no `url`."""

    url: str
    title: str


class Names(Protocol):
    """What the names of one text stand for."""

    # Says beside a link that leads nowhere why it does not, in the language of the text.
    lost_note: str

    def link(self, name: str) -> Reference | None: ...

    def person(self, handle: str) -> Reference | None: ...


@dataclass
class Noted:
    """What was met while one text was rendered, each once, in the order of the text."""

    lost: dict[str, None] = field(default_factory=dict)
    urls: set[str] = field(default_factory=set)
    mentions: dict[str, None] = field(default_factory=dict)


def links_in(text: str) -> list[str]:
    """The names in double brackets, each once; also those in code, which do no harm."""
    return _some(found["name"].strip() for found in _LINKS.finditer(text))


def mentions_in(text: str) -> list[str]:
    """The handles that are mentioned outside of code, each once."""
    if "@" not in text:
        return []
    return _some(found["handle"].lower() for found in _MENTIONS.finditer(without_code(text)))


def new_mentions(old_text: str, new_text: str) -> list[str]:
    """The handles that `new_text` mentions and `old_text` did not: who is to be told."""
    known = set(mentions_in(old_text))
    return [handle for handle in mentions_in(new_text) if handle not in known]


def without_code(text: str) -> str:
    kept, fence = [], ""
    for line in text.split("\n"):
        mark = _FENCE.match(line)
        if fence:
            fence = "" if mark and mark[1].startswith(fence) else fence
        elif mark:
            fence = mark[1]
        else:
            kept.append(_CODE.sub(" ", line))
    return "\n".join(kept)


def _some(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))[:MOST_NAMES]


class References(Extension):
    """The extension for Markdown. `begin` says for each text who answers."""

    def __init__(self) -> None:
        super().__init__()
        self.names: Names | None = None
        self.noted = Noted()

    def begin(self, names: Names) -> None:
        self.names, self.noted = names, Noted()

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802  # Markdown calls it so
        # After links (160) and tags (90), in which neither is one, and before emphasis (60), which titles may have signs of. In a
        # table the bar has to be written `\|`; escapes (180) have put a number for it by then.
        md.inlinePatterns.register(_LinkPattern(self, _LINK, md), "reference-link", 85)
        md.inlinePatterns.register(_MentionPattern(self, _MENTION, md), "mention", 75)


class _Pattern(InlineProcessor):
    ANCESTOR_EXCLUDES = ("a",)

    def __init__(self, references: References, pattern: str, md: Markdown) -> None:
        super().__init__(pattern, md)
        self._references = references


class _LinkPattern(_Pattern):
    def handleMatch(self, match: re.Match[str], _data: str) -> tuple[Element | None, int | None, int | None]:  # type: ignore[override]  # noqa: N802
        if (match["bar"] or "|")[-1] != "|" and self.unescape(match["bar"]) != _ESCAPED_BAR:
            return None, None, None
        name = match["name"].strip()
        names = self._references.names
        found = names.link(name) if names else None
        if found is None:
            self._references.noted.lost[name] = None
            note = names.lost_note if names else ""
            return _element("span", match["shown"] or name, {"class": "lost-link", "title": note}), *match.span()
        self._references.noted.urls.add(found.url)
        return _element("a", match["shown"] or found.title, {"href": found.url}), *match.span()


class _MentionPattern(_Pattern):
    def handleMatch(self, match: re.Match[str], _data: str) -> tuple[Element | None, int | None, int | None]:  # type: ignore[override]  # noqa: N802
        handle = match["handle"].lower()
        names = self._references.names
        found = names.person(handle) if names else None
        if found is None:
            return None, None, None
        self._references.noted.mentions[handle] = None
        attributes = {"class": "mention"}
        if found.url:
            self._references.noted.urls.add(found.url)
            attributes["href"] = found.url
        return _element("a" if found.url else "span", f"@{found.title}", attributes), *match.span()


def _element(tag: str, text: str, attributes: dict[str, str]) -> Element:
    element = Element(tag, attributes)
    element.text = AtomicString(text.strip())
    return element
