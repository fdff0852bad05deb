"""Where the links in a case study lead: those to files of the library lead to the pages made of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

from app.case_studies.rules import CASE_STUDY
from app.kernel.markup import anchor

_FILE = re.compile(
    r"(?:\./|(?P<practices>\.\./practices/)(?:[^/?#]+/)*)?(?P<slug>[a-z0-9-]+)\.(?P<language>[a-z]{2})\.md(?:#(?P<fragment>.*))?"
)


@dataclass(frozen=True)
class FileLink:
    """A link to another file of the library, as it stands in a case study's own file. `kind`: of which kind that is."""

    kind: str
    slug: str
    language: str
    fragment: str = ""

    @property
    def url(self) -> str:
        place = "case-studies" if self.kind == CASE_STUDY else "practices"
        suffix = f"#{anchor(self.fragment)}" if self.fragment else ""
        return f"/{place}/{self.slug}?lang={self.language}{suffix}"


def file_link(target: str) -> FileLink | None:
    """What a link names, if it is a file beside this one or among the practices."""
    match = _FILE.fullmatch(unquote(target))
    if match is None:
        return None
    kind = "practice" if match["practices"] else CASE_STUDY
    return FileLink(kind, match["slug"], match["language"], match["fragment"] or "")


def inside(target: str) -> str:
    """The address of a heading of the same text. Footnotes, and what is written as the page has it, stay."""
    return target if target.startswith(("#fn", "#h-")) else f"#{anchor(unquote(target[1:]))}"


def resolve(kind: str, target: str) -> str | None:
    """Where a link of a text that is written on the site leads (`kernel.markup.Resolver`)."""
    if target.startswith("#"):
        return inside(target)
    found = file_link(target) if kind == "link" else None
    return found.url if found else target
