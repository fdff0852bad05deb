"""Where the links and pictures of imported documents lead: rewritten in the Markdown itself, or reduced to their text."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from app.media.store import MediaError, keep
from app.practices.cleaning import split_code

_IMAGE = re.compile(r"!\[(?P<alt>[^\]]*)\]\(\s*<?(?P<target>[^)\s>]*)>?(?:\s+[\"'][^)]*[\"'])?\s*\)")
_HTML_IMAGE = re.compile(r"<img\b(?P<rest>[^>]*)>", re.IGNORECASE)
_LINK = re.compile(
    r"(?<!!)\[(?P<text>(?:[^\[\]]|!\[[^\]]*\]\([^)]*\))*)\]\(\s*<?(?P<target>[^)\s>]*)>?(?:\s+[\"'][^)]*[\"'])?\s*\)"
)
_OUTSIDE = ("http://", "https://", "mailto:", "#", "/media/", "/practices/")


class LinkBook:
    """The addresses that the documents of one tree had, and what they are now."""

    def __init__(self, folder: Path, media_dir: Path, places: Mapping[str, tuple[str, str]]) -> None:
        self._folder = folder
        self._media_dir = media_dir
        self._places = places
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
        lost: Counter[str] = Counter()
        missing: list[str] = []

        def picture(target: str, alt: str) -> str:
            url = self._picture_url(place, target)
            if url is None:
                missing.append(target)
                return f"*{alt.strip()}*" if alt.strip() else ""
            return f"![{alt}]({url})"

        def html_picture(match: re.Match[str]) -> str:
            values = dict(re.findall(r"(\w+)\s*=\s*[\"']([^\"']*)[\"']", match["rest"]))
            return picture(values.get("src", ""), values.get("alt", "").replace("]", ")"))

        def link(match: re.Match[str]) -> str:
            url = self._link_url(place, match["target"])
            if url is None:
                lost[match["target"] or "(nothing)"] += 1
                return match["text"]
            return f"[{match['text']}]({url})"

        def prose(text: str) -> str:
            text = _HTML_IMAGE.sub(html_picture, text)
            text = _IMAGE.sub(lambda match: picture(match["target"], match["alt"]), text)
            return _LINK.sub(link, text)

        text = "".join(piece if is_code else prose(piece) for is_code, piece in split_code(text))
        notes = [f"picture missing: {target}" for target in missing]
        if lost:
            shown = ", ".join(list(lost)[:3]) + (" …" if len(lost) > 3 else "")
            notes.append(f"{sum(lost.values())} × link reduced to its text: {shown}")
        return text, tuple(notes)

    def _picture_url(self, place: str, target: str) -> str | None:
        """The picture, copied into the store. A picture from elsewhere on the web is not fetched."""
        if not target or "://" in target or target.startswith(("data:", "//")):
            return None
        if target.startswith("/media/"):
            return target
        path = unquote(target.partition("#")[0].partition("?")[0])
        places = [posixpath.join(posixpath.dirname(place), path)]
        if path.startswith("/"):
            places = [f"{root}{path}" for root in (".", "static", "public")]
        for each in places:
            found = (self._folder / each).resolve()
            if found.is_relative_to(self._folder.resolve()) and found.is_file():
                try:
                    return keep(self._media_dir, found)
                except MediaError:
                    return None
        return None

    def _link_url(self, place: str, target: str) -> str | None:
        if target.startswith(_OUTSIDE):
            return target
        parts = urlsplit(target)
        path = unquote(parts.path)
        if not path or parts.scheme:
            return None
        if not path.startswith("/"):
            path = posixpath.normpath(posixpath.join(posixpath.dirname(place), path))
            if path in self._places:
                return self._url(path) + (f"#h-{parts.fragment}" if parts.fragment else "")
        stem = re.sub(r"(?:/_?index)?(?:\.\w+)?/?$", "", path).strip("/").lower()
        url = self._addresses.get(stem) or self._addresses.get(posixpath.basename(stem))
        return url + (f"#h-{parts.fragment}" if parts.fragment else "") if url else None

    def _url(self, place: str) -> str:
        slug, language = self._places[place]
        return f"/practices/{slug}?lang={language}"
