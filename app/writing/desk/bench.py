"""What a kind of text hands over so that it can be written at the desk."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from werkzeug.datastructures import MultiDict

from app.writing.desk.forms import DeskForm
from app.writing.kinds import Content, Kind
from app.writing.models import Manuscript


@dataclass(frozen=True)
class Place:
    """Where a text goes. A translation names the language of its original, and the version that it translates."""

    slug: str
    language: str
    translation_of: str | None = None
    source_number: int | None = None


@dataclass(frozen=True)
class Start:
    """Something to begin from: a content with headings and hints in it, and in a sentence what it is good for."""

    key: str
    name: Any
    text: Any
    content: Content


class MakeForm(Protocol):
    def __call__(self, content: Content, typed: MultiDict[str, str] | None) -> DeskForm:
        """A form that shows `content` or, where something was typed, that alone."""


# Where what is in the form goes. Asked in the transaction in which it is saved; for a text that is there, only until it was
# published once. Raises InvalidInputError for the field at fault.
ChoosePlace = Callable[[Any, Manuscript | None], Place]


@dataclass(frozen=True)
class Desk:
    """How one kind is written. `context` gives further variables for the template, `actions` are further buttons of the form:
    they change it, and nothing is saved.
    """

    kind: Kind
    template: str
    make_form: MakeForm
    place: ChoosePlace
    context: Callable[[Any], Mapping[str, Any]] = lambda _form: {}
    actions: Mapping[str, Callable[[Any], None]] = field(default_factory=dict)
    starts: Sequence[Start] = ()
