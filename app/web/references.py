"""What `[[names]]` and `@handles` in texts stand for: each feature answers for its own things, and the factory hands them over.

What is looked up is the same for all readers, as the page is that it stands on: what not everybody may see does not exist.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from flask import Flask, current_app
from flask_babel import force_locale
from flask_babel import lazy_gettext as _l

from app.kernel.references import Reference, links_in, mentions_in
from app.web.i18n import LOCALES

LOST = _l("Nothing of this name is here for everybody to see.")
_PREFIX = re.compile(r"(?P<kind>[\w-]+?)\s*[:：]\s*(?P<name>.+)", re.DOTALL)


@dataclass(frozen=True)
class Candidate:
    """A thing that a name may stand for, in one language. `slug` is what it is called in addresses."""

    slug: str
    title: str
    url: str
    language: str = ""


# The things that are called like one of these, by slug or by title; a title also in the other languages of a thing. One query.
Lookup = Callable[[Sequence[str]], Iterable[Candidate]]
# {handle: person} of those that exist. One query.
People = Callable[[Sequence[str]], Mapping[str, Reference]]


@dataclass(frozen=True)
class Linkable:
    """One kind of thing that texts can link to. `names` are what may stand before the colon, in either language."""

    kind: str
    names: Sequence[str]
    lookup: Lookup


@dataclass
class TextNames:
    """What the names of one text stand for. See `kernel.references.Names`."""

    lost_note: str
    links: Mapping[str, Reference] = field(default_factory=dict)
    people: Mapping[str, Reference] = field(default_factory=dict)

    def link(self, name: str) -> Reference | None:
        return self.links.get(name)

    def person(self, handle: str) -> Reference | None:
        return self.people.get(handle)


def register(app: Flask, linkables: Sequence[Linkable], people: People) -> None:
    """The order of `linkables` decides what a name without a kind stands for if there are several."""
    app.extensions["references"] = (linkables, people)


def names_of(source: str, language: str) -> TextNames:
    """Everything that a text in `language` names, with one query for each kind and one for people."""
    linkables, people = current_app.extensions["references"]
    handles = mentions_in(source)
    with force_locale(LOCALES[language]):
        note = str(LOST)
    return TextNames(note, _links(linkables, links_in(source), language), people(handles) if handles else {})


def split_name(name: str, linkables: Sequence[Linkable]) -> tuple[str, str]:
    """`name` as (kind, name); the kind is empty where none is said. A title may have a colon of its own."""
    parts = _PREFIX.fullmatch(name)
    kind = next((each.kind for each in linkables if parts and parts["kind"].casefold() in each.names), "")
    return (kind, parts["name"].strip()) if parts and kind else ("", name)


def _links(linkables: Sequence[Linkable], names: Sequence[str], language: str) -> dict[str, Reference]:
    wanted = {name: split_name(name, linkables) for name in names}
    found: dict[str, Reference] = {}
    for linkable in linkables:
        mine = {
            name: wish for name, (kind, wish) in wanted.items() if kind in {"", linkable.kind} and name not in found
        }
        candidates = list(linkable.lookup(list(dict.fromkeys(mine.values())))) if mine else []
        for name, wish in mine.items():
            best = _best(candidates, wish, language)
            if best is not None:
                found[name] = Reference(best.url, best.title)
    return found


def _best(candidates: Sequence[Candidate], wish: str, language: str) -> Candidate | None:
    """The thing that is called so: by its slug, else by its title, in the text's language first. Shown is its title in the
    language of the text, if it has one.
    """
    wish = wish.casefold()
    called = sorted(
        (each for each in candidates if wish in {each.slug.casefold(), each.title.casefold()}),
        key=lambda each: (each.slug.casefold() != wish, each.language not in {"", language}),
    )
    if not called:
        return None
    versions = [each for each in candidates if each.slug == called[0].slug and each.url == called[0].url]
    return next((each for each in versions if each.language == language), called[0])
