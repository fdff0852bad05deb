"""Where the links and pictures of imported documents lead: rewritten in the Markdown itself, or reduced to their text."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from app.kernel.markup import anchor
from app.media.store import TYPES, MediaError, keep
from app.practices.cleaning import outside_code

_TARGET = (
    r"\(\s*(?:<(?P<angled>[^<>\n]*)>|(?P<plain>(?:[^\s()<>]|\([^\s()]*\))*))"
    r"(?:\s+(?:\"[^\"\n]*\"|'[^'\n]*'|\([^()\n]*\)))?\s*\)"
)
_IMAGE = re.compile(r"!\[(?P<alt>[^\]]*)\]" + _TARGET)
_LINK = re.compile(r"(?<!!)\[(?P<text>(?:[^\[\]]|!?\[[^\[\]]*\](?:\([^()]*\))?)*)\]" + _TARGET)
_HTML_IMAGE = re.compile(r"<img\b(?P<rest>[^>]*)>", re.IGNORECASE)
_HTML_LINK = re.compile(r"(?P<before><a\b[^>]*?\s)href\s*=\s*(?P<quote>[\"'])(?P<target>.*?)(?P=quote)", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"(\w+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
# [name]: target "title", and the [text][name] or [name] that uses it. Footnotes look alike and are left alone.
_DEFINITION = re.compile(
    r"^ {0,3}\[(?P<name>(?!\^)[^\]\n]+)\]:[ \t]*<?(?P<target>[^\s<>]+)>?(?:[ \t]+[\"'(][^\n]*)?[ \t]*$\n?", re.MULTILINE
)
_USE = re.compile(r"\[(?P<text>(?!\^)[^\[\]]+)\](?:\[(?P<name>[^\[\]]*)\])?(?![\[(:])")
# Addresses that are good as they are.
KEPT = ("http://", "https://", "mailto:", "#h-", "#fn", "/media/", "/practices/", "/case-studies/")


class LinkBook:
    """The addresses that the documents of one tree had, and what they are now: pages below `base`."""

    def __init__(
        self, folder: Path, media_dir: Path, places: Mapping[str, tuple[str, str]], base: str = "/practices"
    ) -> None:
        self._folder = folder.resolve()
        self._media_dir = media_dir
        self._places = places
        self._base = base
        self._addresses: dict[str, str] = {}

    def learn(self, place: str, fields: Mapping[str, Any]) -> None:
        """Remember the addresses that a document says it had, and those that its path suggests."""
        url = self._url(place)
        path = posixpath.splitext(place)[0]
        names = [path, re.sub(r"/_?index$", "", path), posixpath.basename(re.sub(r"/_?index$", "", path))]
        for field in ("permalink", "url", "redirect_from", "aliases"):
            value = fields.get(field)
            names += [str(item) for item in (value if isinstance(value, list) else [value]) if item]
        for name in names:
            self._addresses.setdefault(name.strip("/").lower(), url)

    def rewrite(self, place: str, text: str) -> tuple[str, tuple[str, ...]]:
        """`text` with links and pictures that work here, and notes on those that lead nowhere."""
        rewriting = _Rewriting(self, place)
        definitions: dict[str, str] = {}

        def collect(prose: str) -> str:
            definitions.update({match["name"].casefold(): match["target"] for match in _DEFINITION.finditer(prose)})
            return _DEFINITION.sub("", prose)

        text = outside_code(text, collect)
        text = outside_code(text, lambda prose: rewriting.prose(_expand(prose, definitions)))
        return text, rewriting.notes

    def picture_url(self, place: str, target: str) -> str:
        """The picture, copied into the store. A picture from elsewhere on the web is not fetched. Raises MediaError."""
        if target.startswith("/media/"):
            return target
        if "://" in target or target.startswith(("data:", "//")):
            raise MediaError("not fetched from elsewhere")
        path = unquote(target.partition("#")[0].partition("?")[0])
        roots = (".", "static", "public") if path.startswith("/") else (posixpath.dirname(place),)
        for root in roots:
            try:
                found = (self._folder / posixpath.join(root, path.lstrip("/"))).resolve()
                if path and found.is_relative_to(self._folder) and found.is_file():
                    return keep(self._media_dir, found)
            except (OSError, ValueError):
                continue
        raise MediaError("missing")

    def link_url(self, place: str, target: str) -> str | None:
        if target.startswith(KEPT):
            return target
        if target.startswith("#"):
            return f"#{anchor(unquote(target[1:]))}"
        try:
            parts = urlsplit(target)
        except ValueError:
            return None
        path = unquote(parts.path)
        if not path or parts.scheme or parts.netloc:
            return None
        fragment = f"#{anchor(unquote(parts.fragment))}" if parts.fragment else ""
        if not path.startswith("/"):
            path = posixpath.normpath(posixpath.join(posixpath.dirname(place), path))
            if path in self._places:
                return self._url(path) + fragment
        stem = re.sub(r"(?:/_?index)?(?:\.\w+)?/?$", "", path).strip("/").lower()
        url = self._addresses.get(stem) or self._addresses.get(posixpath.basename(stem))
        return url + fragment if url else None

    def _url(self, place: str) -> str:
        slug, language = self._places[place]
        return f"{self._base}/{slug}?lang={language}"


class _Rewriting:
    """One document on its way: what was found to lead nowhere so far."""

    def __init__(self, book: LinkBook, place: str) -> None:
        self._book = book
        self._place = place
        self._lost: list[str] = []
        self._without: list[str] = []

    def prose(self, text: str) -> str:
        text = _HTML_IMAGE.sub(self._html_picture, text)
        text = _IMAGE.sub(lambda match: self._picture(match["angled"] or match["plain"] or "", match["alt"]), text)
        text = _HTML_LINK.sub(self._html_link, text)
        return _LINK.sub(self._link, text)

    @property
    def notes(self) -> tuple[str, ...]:
        if not self._lost:
            return tuple(self._without)
        shown = ", ".join(list(dict.fromkeys(self._lost))[:3]) + (" …" if len(set(self._lost)) > 3 else "")
        return (*self._without, f"{len(self._lost)} × link reduced to its text: {shown}")

    def _picture(self, target: str, alt: str) -> str:
        try:
            return f"![{alt}]({self._book.picture_url(self._place, target)})"
        except MediaError as error:
            self._without.append(f"picture left out: {target or '(nothing)'}: {error}")
            return f"*{alt.strip()}*" if alt.strip() else ""

    def _html_picture(self, match: re.Match[str]) -> str:
        values = {name.lower(): first or second for name, first, second in _ATTRIBUTE.findall(match["rest"])}
        return self._picture(values.get("src", ""), re.sub(r"[\[\]]", "", values.get("alt", "")))

    def _link(self, match: re.Match[str]) -> str:
        target = match["angled"] or match["plain"] or ""
        url = self._url_of(target)
        if url == target:
            return match[0]
        return f"[{match['text']}]({url})" if url else match["text"]

    def _html_link(self, match: re.Match[str]) -> str:
        url = self._url_of(match["target"])
        return f'{match["before"]}href="{url}"' if url else match["before"]

    def _url_of(self, target: str) -> str | None:
        url = self._book.link_url(self._place, target)
        if url is None and posixpath.splitext(target)[1].lower() in TYPES:
            try:
                return self._book.picture_url(self._place, target)
            except MediaError:
                pass
        if url is None:
            self._lost.append(target or "(nothing)")
        return url


def _expand(text: str, definitions: Mapping[str, str]) -> str:
    """Links by reference written out, `[text](target)`."""

    def use(match: re.Match[str]) -> str:
        target = definitions.get((match["name"] or match["text"]).casefold())
        return f"[{match['text']}](<{target}>)" if target else match[0]

    return _USE.sub(use, text) if definitions else text
