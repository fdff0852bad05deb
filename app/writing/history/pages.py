"""The pages of a history, put together: the list of versions, one version, and the difference between two. Those who
write and those who read get them from here; what differs is which versions there are.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import Select

from app.kernel.errors import InvalidInputError
from app.web.numbers import whole_number
from app.web.paging import Page, paginate, requested_page, with_params
from app.writing.comparing import FieldDifference, TextDifference, differences
from app.writing.differing import CONTEXT
from app.writing.history.queries import events_by_version, get_from, list_choices, number_before, number_behind
from app.writing.history.rules import fold, pair_to_compare
from app.writing.kinds import Field, get_kind, title_of
from app.writing.models import Manuscript, ManuscriptEvent, Version
from app.writing.queries import content_of
from app.writing.rules import Origin, Step

# Saving is no step that anybody is told of.
TOLD = frozenset(Step) - {Step.SAVE}
VIEWS = ("side", "inline")
# Versions that can be chosen on the page of a difference; all of them are on the page of the history.
MOST_CHOICES = 30


@dataclass(frozen=True)
class Place:
    """Where these pages are: `blueprint` has the endpoints `index`, `version` and `differences`, `args` are what each of
    them wants, `number` is the version that gives the title. `is_public`: every reader sees them, so nothing is told of what was
    said about the text.
    """

    blueprint: str
    args: Mapping[str, Any]
    text_url: str
    number: int
    is_public: bool = False

    def url(self, endpoint: str, **more: Any) -> str:
        return url_for(f"{self.blueprint}.{endpoint}", **self.args, **more)


@dataclass(frozen=True)
class Entry:
    """A line of the history: a version, and the steps that were taken with it. `before`: the version with which one
    compares it, None where that is on the next page or nowhere.
    """

    version: Version
    events: Sequence[ManuscriptEvent]
    is_live: bool
    is_latest: bool
    before: int | None = None

    @property
    def is_plain(self) -> bool:
        """Was it saved and nothing more?"""
        return not (self.events or self.is_live or self.is_latest or self.version.origin == Origin.RESTORED)


def render_history(
    manuscript: Manuscript,
    versions: Select[Version],
    place: Place,
    *,
    steps: Collection[Step] = TOLD,
    others: Sequence[Manuscript] = (),
) -> str:
    """The list of versions, with those of `steps` that were taken. `others` are the text in its other languages."""
    page, groups = _history(manuscript, versions, steps)
    numbers = [version.number for version in page.items]
    return render_template(
        "writing/history/index.html",
        manuscript=manuscript,
        title=_title(manuscript, place),
        place=place,
        others=others,
        page=page,
        groups=groups,
        chosen_from=numbers[1] if len(numbers) > 1 else None,
        chosen_to=numbers[0] if numbers else None,
    )


def _title(manuscript: Manuscript, place: Place) -> str:
    """What the text is called. The manuscript has the name that its latest version gives it, which not everybody may know."""
    return title_of(content_of(manuscript, place.number))


def _history(
    manuscript: Manuscript, versions: Select[Version], steps: Collection[Step]
) -> tuple[Page[Version], list[list[Entry]]]:
    """The page of the list that is asked for, and its lines: those with which one of `steps` was taken, and between them
    what was only saved.
    """
    page = paginate(versions, number=requested_page())
    events = events_by_version(manuscript, [version.number for version in page.items], steps)
    entries = [
        Entry(
            version,
            events.get(version.number, ()),
            is_live=version.number == manuscript.published_number,
            is_latest=version.number == manuscript.latest_number,
        )
        for version in page.items
    ]
    compared = [replace(entry, before=_before(entry, entries[place + 1 :])) for place, entry in enumerate(entries)]
    return page, fold(compared, lambda entry: entry.is_plain)


def _before(entry: Entry, earlier: Sequence[Entry]) -> int | None:
    """What was only saved is compared with the version before; what others read, with what they read before."""
    return next((each.version.number for each in earlier if entry.is_plain or not each.is_plain), None)


def render_version(
    manuscript: Manuscript, versions: Select[Version], number: int, place: Place, *, may_restore: bool = False
) -> str:
    """One version as readers would see it. Raises NotFoundError where it is not one of `versions`."""
    version = get_from(versions, number)
    return render_template(
        "writing/history/version.html",
        manuscript=manuscript,
        title=_title(manuscript, place),
        place=place,
        version=version,
        text=_text_of(manuscript, version),
        before=number_before(versions, number),
        following=number_behind(versions, number),
        may_restore=may_restore,
    )


def _text_of(manuscript: Manuscript, version: Version) -> Markup:
    """The version as readers would see it; for one that today's renderer refuses, why."""
    kind = get_kind(manuscript.kind)
    try:
        return kind.page(manuscript, version.content, kind.render(version.content))
    except InvalidInputError as error:
        said = _("This cannot be shown: %(reason)s", reason=str(error))
        return Markup('<p class="note" data-tone="warn">{}</p>').format(said)


@dataclass(frozen=True)
class Comparison:
    """The difference between two versions, and everything that can be chosen about how it is shown."""

    before: Version
    after: Version
    fields: Sequence[FieldDifference]
    choices: Sequence[Version]
    view: str
    is_whole: bool

    @property
    def removed(self) -> int:
        """Words in running texts."""
        return sum(field.text.removed for field in self.fields if isinstance(field, TextDifference))

    @property
    def added(self) -> int:
        return sum(field.text.added for field in self.fields if isinstance(field, TextDifference))

    @property
    def is_one(self) -> bool:
        """Is there nothing to compare with?"""
        return self.before.number == self.after.number

    @property
    def views(self) -> list[tuple[str, str, bool]]:
        """What can be switched to: its name, its address, whether it is on."""
        names = {"side": _("Side by side"), "inline": _("In one text")}
        return [
            (names[view], with_params(view=view if view != VIEWS[0] else None), view == self.view) for view in VIEWS
        ]

    @property
    def context_url(self) -> str:
        """The same with everything that did not change, or without it again."""
        return with_params(context=None if self.is_whole else "all")

    @property
    def swap_url(self) -> str:
        return with_params(**{"from": self.after.number, "to": self.before.number})


def comparison(
    manuscript: Manuscript,
    versions: Select[Version],
    marked: Sequence[int],
    latest: int,
    shown: Callable[[Sequence[Field]], Sequence[Field]] = tuple,
) -> Comparison:
    """What the address asks to be compared, by default with version `latest`; `shown` leaves out what is not for whoever
    asks. Raises NotFoundError for a version that is not one of `versions`.
    """
    start, end = (whole_number(request.args.get(name)) for name in ("from", "to"))
    to = latest if end is None else end
    if start is None:
        start, to = pair_to_compare(to, manuscript.published_number, marked, number_before(versions, to))
    numbers = start, to
    before, after = (get_from(versions, number) for number in numbers)
    kind = get_kind(manuscript.kind)
    is_whole = request.args.get("context") == "all"
    view = request.args.get("view", "")
    return Comparison(
        before,
        after,
        differences(
            shown(kind.fields(before.content)),
            shown(kind.fields(after.content)),
            context=None if is_whole else CONTEXT,
        ),
        list_choices(versions, marked, numbers, MOST_CHOICES),
        view if view in VIEWS else VIEWS[0],
        is_whole,
    )


def for_readers(fields: Sequence[Field]) -> list[Field]:
    """The fields without the columns that are meant for those who write and review: what a team answers to a reviewer."""
    return [replace(field, value=_cut(field, rows)) if (rows := _rows_of(field)) else field for field in fields]


def _rows_of(field: Field) -> list[Mapping[str, Any]]:
    value = field.value if isinstance(field.value, list | tuple) else ()
    return [row for row in value if isinstance(row, Mapping)]


def _cut(field: Field, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    names = [name for name in field.columns if name not in field.inner]
    return [{name: row.get(name) for name in names} for row in rows]


def render_comparison(manuscript: Manuscript, found: Comparison, place: Place, *, may_restore: bool = False) -> str:
    return render_template(
        "writing/history/differences.html",
        manuscript=manuscript,
        title=_title(manuscript, place),
        place=place,
        comparison=found,
        may_restore=may_restore,
    )
