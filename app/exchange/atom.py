"""Atom (RFC 4287)."""

from __future__ import annotations

from collections.abc import Sequence

from feedgenerator import Atom1Feed

from app.exchange.entries import Entry

MIME_TYPE = "application/atom+xml"


def write(entries: Sequence[Entry], *, title: str, url: str, home: str, language: str) -> str:
    """A feed with the address `url`, about the page `home`. An entry is known by the address of its page, which is the same for
    ever, so a changed one is shown again rather than twice.
    """
    feed = Atom1Feed(title=title, link=home, description="", language=language, feed_url=url, feed_guid=url)
    for entry in entries:
        feed.add_item(
            title=entry.title,
            link=entry.url,
            unique_id=entry.url,
            description=entry.summary,
            content=entry.html,
            author_name=entry.author or None,
            categories=list(entry.categories),
            pubdate=entry.published,
            updateddate=entry.updated,
        )
    text: str = feed.writeString("utf-8")
    return text
