"""What the community is about, by reference: a kind and a slug, such as ("practice", "trunk-based-development").

Practices, case studies and training stand on floors above. What a subject is called, where it is and who may see it is
therefore asked of lookups that the factory hands over, one a kind. A lookup answers for all slugs at once, so that a list
takes one question a kind however long it is. What the reader may not see, and what is gone, is not in the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from flask import Flask, current_app
from flask_babel import lazy_gettext as _l

from app.kernel.errors import NotFoundError

MAX_KIND = 20
MAX_SLUG = 170


class Ref(NamedTuple):
    """What is stored of a subject. As text, in addresses and as the argument of a part: `practice.trunk-based-development`.

    A kind has no dot. A slug may have: a capability's is that of its framework, a dot, and its own.
    """

    kind: str
    slug: str

    def __str__(self) -> str:
        return f"{self.kind}.{self.slug}"

    @classmethod
    def parse(cls, text: str) -> Ref:
        kind, _, slug = text.partition(".")
        return cls(kind, slug)


@dataclass(frozen=True)
class Subject:
    """A subject as one reader sees it: `title` in the language asked for where there is such a version, and `language` the
    one it is in (empty where that does not matter). `note` is what stands small beside the title: a team, a capability.
    `owner_ids` are the accounts that answer for it; `team_id` the team that wrote it.
    """

    kind: str
    slug: str
    title: str
    url: str
    language: str = ""
    note: str = ""
    summary: str = ""
    hue: int | None = None
    level: int | None = None
    owner_ids: frozenset[int] = frozenset()
    team_id: int | None = None

    @property
    def ref(self) -> Ref:
        return Ref(self.kind, self.slug)


# The subjects with these slugs that the reader (None for visitors) may see, in the language or the one there is. As many
# queries for one as for many.
Find = Callable[[Collection[str], Any, str], Iterable[Subject]]


@dataclass(frozen=True)
class Kind:
    """One sort of subject. `label` is what one of them is called, lazily: "Practice"."""

    name: str
    label: Any
    find: Find


def init_app(app: Flask) -> None:
    app.extensions["subject_kinds"] = {}


def register(app: Flask, kinds: Iterable[Kind]) -> None:
    app.extensions["subject_kinds"].update({kind.name: kind for kind in kinds})


def all_kinds() -> Mapping[str, Kind]:
    """Every kind by its name, in the order in which they were handed over."""
    kinds: Mapping[str, Kind] = current_app.extensions["subject_kinds"]
    return kinds


def find_many(refs: Iterable[Ref], reader: Any, language: str) -> dict[Ref, Subject]:
    """The subjects that are there and that the reader (None for visitors) may see."""
    slugs: dict[str, set[str]] = {}
    for ref in refs:
        slugs.setdefault(ref.kind, set()).add(ref.slug)
    kinds = all_kinds()
    found = (kinds[kind].find(of_kind, reader, language) for kind, of_kind in slugs.items() if kind in kinds)
    return {subject.ref: subject for of_kind in found for subject in of_kind}


def find_subject(ref: Ref, reader: Any, language: str) -> Subject | None:
    return find_many([ref], reader, language).get(ref)


def get_subject(ref: Ref, reader: Any, language: str) -> Subject:
    """Raises NotFoundError for what is not there, or not for this reader."""
    subject = find_subject(ref, reader, language)
    if subject is None:
        raise NotFoundError(NO_SUCH_SUBJECT)
    return subject


NO_SUCH_SUBJECT = _l("What this is about is not there, or it is not for you to see.")
