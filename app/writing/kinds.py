"""What a feature has to bring so that its texts can be written here: a `Kind`, handed over by the factory.

The content of a version is a flat mapping of plain values (texts, numbers, lists of texts, lists of rows) that the kind
alone understands; people, teams and capabilities stand in it by address or slug, never by the number of a row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from flask import Flask, current_app
from markupsafe import Markup
from sqlalchemy.orm import Session

from app.kernel.errors import NotFoundError
from app.kernel.markup import Rendered
from app.writing.models import Manuscript

Content = Mapping[str, Any]


@dataclass(frozen=True)
class Face:
    """What lists know of a content without opening it."""

    title: str
    team_id: int | None = None
    capability_id: int | None = None


@dataclass(frozen=True)
class Field:
    """A field of a content under the name that people know it by, in the order of reading. `is_prose`: it is Markdown of
    any length; everything else is shown as it is. `columns` name the columns where the value is a list of rows;
    those that are `inner`, and those without a name, are not for readers.
    """

    name: str
    label: Any
    value: Any
    is_prose: bool = False
    columns: Mapping[str, Any] = field(default_factory=dict)
    inner: frozenset[str] = frozenset()


def title_of(content: Content) -> str:
    """What the text is called in this content, of whatever kind; the manuscript has the name of the latest version."""
    return str(content["title"])


class Kind(Protocol):
    """One kind of text."""

    name: str  # as in addresses: "practice", "case-study"
    label: Any  # lazy text: "Practice"
    stylesheet: str  # the asset that `page` needs, empty for none
    is_open: bool  # every member may propose a change to what is published

    def face(self, session: Session, content: Content) -> Face:
        """What lists show. Raises InvalidInputError for a team or a capability that is not there."""

    def fields(self, content: Content) -> Sequence[Field]:
        """Everything that was written, for whoever compares, reviews or looks for what must not be published."""

    def words(self, content: Content) -> Mapping[str, Any]:
        """Of the fields that hold keys of something else (addresses, slugs), by name: what a person is told instead."""

    def missing(self, content: Content) -> Sequence[Any]:
        """What has to be there before it can be submitted, as lazy texts; empty where nothing lacks."""

    def render(self, content: Content) -> Rendered:
        """All of the text by the final renderer. Takes its time, so never inside of a transaction. Raises
        InvalidInputError for what cannot be rendered.
        """

    def publish(
        self, session: Session, manuscript: Manuscript, content: Content, rendered: Rendered, *, now: Any
    ) -> None:
        """Make it what readers see."""

    def withdraw(self, session: Session, manuscript: Manuscript) -> None:
        """Take it out of readers' sight."""

    def freed(self, manuscript: Manuscript, content: Content) -> Content:
        """The content of a text that was kept in a file, as it can stand without the folder of that file."""

    def let_go(self, session: Session, manuscript: Manuscript) -> None:
        """It is written on the site from now on: what readers see comes from no file any more."""

    def page(self, manuscript: Manuscript, content: Content, rendered: Rendered) -> Markup:
        """The text as readers would see it."""

    def url(self, slug: str, language: str) -> str:
        """The page of what is published."""

    def edit_url(self, manuscript: Manuscript) -> str:
        """The page on which it is written."""

    def export(self, manuscript: Manuscript, content: Content) -> str:
        """The content as a Markdown file with front matter, from which it could be read again."""


def init_app(app: Flask, kinds: Sequence[Kind]) -> None:
    app.extensions["writing_kinds"] = {kind.name: kind for kind in kinds}
    app.jinja_env.globals["writing_kind"] = get_kind


def all_kinds() -> Mapping[str, Kind]:
    """Every kind by its name, in the order in which they are offered."""
    kinds: Mapping[str, Kind] = current_app.extensions["writing_kinds"]
    return kinds


def get_kind(name: str) -> Kind:
    """Raises NotFoundError."""
    try:
        return all_kinds()[name]
    except KeyError:
        raise NotFoundError(f"There is no kind of text called {name}.") from None
