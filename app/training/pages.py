"""What the pages show, put together for the templates. They are the same for everybody but for what is in `parts`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from babel.dates import format_date, format_skeleton
from flask import render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from markupsafe import Markup

from app.capabilities.choices import facet_shades, facet_values
from app.capabilities.queries import list_main_areas
from app.training.cards import cards_with_buttons, meeting_cards
from app.training.lists import (
    FACETS,
    FREE,
    FULL,
    Choices,
    between,
    count_facets,
    list_month,
    listed,
    listed_meetings,
    past,
    upcoming,
)
from app.training.models import Meeting, TrainingSession
from app.training.months import by_day, by_first_day, read_month
from app.training.queries import count_seats, profile_slugs
from app.training.rules import KIND_NAMES
from app.training.sections import next_on, worth_reading
from app.web.dates import request_now, request_today
from app.web.facets import Facet, build_facet, chosen_values
from app.web.i18n import LANGUAGE_NAMES, request_zone
from app.web.paging import paginate, requested_page, with_params
from app.web.sections import sections_for
from app.web.shared import reader

VIEWS = ("list", "agenda", "month")
PAST = "past"


def listing() -> Markup:
    """The list that the address asks for, with facets."""
    wanted = request.args.get("view", "")
    view = wanted if wanted in VIEWS else VIEWS[0]
    return _LISTINGS[view](view)


def _list(view: str) -> Markup:
    is_past = request.args.get("when") == PAST
    choices = _choices()
    conditions = past(request_now()) if is_past else upcoming(request_now())
    page = paginate(listed(conditions, choices, newest_first=is_past), number=requested_page())
    shown = cards_with_buttons(page.items)
    return _render(
        "training/_listing.html", page=page, cards=shown, is_past=is_past, **_frame(view, conditions, choices)
    )


def _agenda(view: str) -> Markup:
    """By day: each meeting of a session stands under its own."""
    is_past = request.args.get("when") == PAST
    choices = _choices()
    conditions = past(request_now()) if is_past else upcoming(request_now())
    to_come = () if is_past else (Meeting.ends_at > request_now(),)
    query = listed_meetings(conditions, choices, *to_come, newest_first=is_past)
    page = paginate(query, number=requested_page())
    shown = meeting_cards(page.items)
    by_id = {card.meeting.id: card for card in shown}
    days = by_first_day(page.items, request_zone())
    return _render(
        "training/_listing.html",
        page=page,
        cards=shown,
        days=[(day, [by_id[meeting.id] for meeting in meetings]) for day, meetings in days.items()],
        day_words=_day_words,
        is_past=is_past,
        **_frame(view, conditions, choices),
    )


def _month(view: str) -> Markup:
    today = request_today()
    month = read_month(request.args.get("month", ""), today)
    start, end = month.bounds(request_zone())
    choices = _choices()
    meetings = list_month(start, end, choices)
    return _render(
        "training/_month.html",
        month=month,
        month_words=format_skeleton("yMMMM", month.first, locale=get_locale()),
        day_words=_day_words,
        weekday_words=lambda day: format_date(day, "EEE", locale=get_locale()),
        today=today,
        days=by_day(meetings, request_zone()),
        previous_url=with_params(month=month.previous.text),
        next_url=with_params(month=month.next.text),
        today_url=with_params(month=None),
        **_frame(view, between(start, end), choices),
    )


def _day_words(day: date) -> str:
    return format_skeleton("MMMMEEEEd", day, locale=get_locale())


_LISTINGS: Mapping[str, Callable[[str], Markup]] = {"list": _list, "agenda": _agenda, "month": _month}


def _frame(view: str, conditions: Sequence[Any], choices: Choices) -> dict[str, Any]:
    """Facets, and the ways to the other views."""
    names = {"list": _("List"), "agenda": _("By day"), "month": _("Month")}
    return {
        "view": view,
        "views": [(names[key], with_params(view=key, page=None, month=None), key == view) for key in VIEWS],
        "facets": _facets(conditions, choices),
        "subscribe_url": _subscribe_url(),
        "clear_url": url_for("training.index", view=request.args.get("view"), when=request.args.get("when")),
    }


def _subscribe_url() -> str:
    """The way to a calendar of the sessions that are chosen here."""
    chosen: dict[str, Any] = {name: chosen_values(name) for name in FACETS}
    return url_for("feeds.index", **chosen)


def _choices() -> Choices:
    return Choices(**{name: chosen_values(name) for name in FACETS})


def _facets(conditions: Sequence[Any], choices: Choices) -> list[Facet]:
    counts = count_facets(conditions, choices)
    areas = list_main_areas()
    area_values, capability_values = facet_values(areas)
    shades = facet_shades(areas)
    labels: dict[str, tuple[str, list[tuple[str, str]]]] = {
        "kind": (_("Kind"), [(kind.value, str(name)) for kind, name in KIND_NAMES.items()]),
        "area": (_("Area"), area_values),
        "capability": (_("Capability"), capability_values),
        "level": (_("Level"), [(str(level), _("Level %(level)s", level=level)) for level in range(1, 6)]),
        "language": (_("Language"), list(LANGUAGE_NAMES.items())),
        "seats": (_("Seats"), [(FREE, _("Seats left")), (FULL, _("Waiting list"))]),
    }
    if request.args.get("when") == PAST and not choices.seats:
        del labels["seats"]
    return [
        build_facet(name, label, counts[name], values, shades.get(name)) for name, (label, values) in labels.items()
    ]


def session_page(training: TrainingSession) -> str:
    found = (*sections_for("training", training, reader()), next_on(training), worth_reading(training))
    return render_template(
        "training/show.html",
        training=training,
        seats=count_seats([training])[training.id],
        profiles=profile_slugs(training.coach_ids),
        front=sections_for("training-front", training, reader()),
        sections=[section for section in found if section is not None],
    )


def _render(template: str, **context: Any) -> Markup:
    return Markup(render_template(template, **context))  # noqa: S704  # our own template
