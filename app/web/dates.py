"""Times as people say them, in the reader's zone."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from babel.dates import format_date, format_skeleton, format_timedelta
from flask import Flask, g
from flask_babel import get_locale
from flask_babel import gettext as _

from app.kernel.clock import utc_now, zone
from app.web.i18n import request_zone


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(
        day=day_words,
        clock=clock_time,
        long_date=long_date,
        moment=moment_words,
        ago=ago_words,
        iso=iso,
    )
    app.jinja_env.globals.update(span_words=span_words, own_zone_span=own_zone_span, request_now=request_now)


def request_now() -> datetime:
    """One `now` for the whole request, so that a page does not contradict itself."""
    if "now" not in g:
        g.now = utc_now()
    now: datetime = g.now
    return now


def request_today() -> date:
    """The day it is where the reader is."""
    return request_now().astimezone(zone(request_zone())).date()


def iso(moment: datetime | date) -> str:
    return moment.isoformat()


def day_words(moment: datetime, zone_name: str | None = None) -> str:
    """`Today`, `Tomorrow`, `Yesterday`, or weekday and date, with the year where it is not this one."""
    there = zone(zone_name or request_zone())
    day = moment.astimezone(there).date()
    today = request_now().astimezone(there).date()
    words = {0: _("Today"), 1: _("Tomorrow"), -1: _("Yesterday")}.get((day - today).days)
    return words or format_skeleton("MMMEd" if day.year == today.year else "yMMMEd", day, locale=get_locale())


def clock_time(moment: datetime, zone_name: str | None = None) -> str:
    """Hours and minutes, 24 hours."""
    return moment.astimezone(zone(zone_name or request_zone())).strftime("%H:%M")


def moment_words(moment: datetime, zone_name: str | None = None) -> str:
    """Day and time, as in `Tomorrow, 14:00`."""
    return _("%(day)s, %(time)s", day=day_words(moment, zone_name), time=clock_time(moment, zone_name))


def span_words(start: datetime, end: datetime, zone_name: str | None = None) -> str:
    """From when to when, as in `Tomorrow, 14:00 to 15:30`."""
    there = zone(zone_name or request_zone())
    if start.astimezone(there).date() == end.astimezone(there).date():
        return _(
            "%(day)s, %(start)s to %(end)s",
            day=day_words(start, zone_name),
            start=clock_time(start, zone_name),
            end=clock_time(end, zone_name),
        )
    return _("%(start)s to %(end)s", start=moment_words(start, zone_name), end=moment_words(end, zone_name))


def own_zone_span(start: datetime, end: datetime, zone_name: str) -> str | None:
    """The span in the event's own zone, where that reads differently from the reader's; else None."""
    if start.astimezone(zone(zone_name)).utcoffset() == start.astimezone(zone(request_zone())).utcoffset():
        return None
    return _("%(span)s in %(zone)s", span=span_words(start, end, zone_name), zone=zone_name.replace("_", " "))


def long_date(day: date | datetime) -> str:
    """`16 November 2026`, `2026年11月16日`."""
    if isinstance(day, datetime):
        day = day.astimezone(zone(request_zone())).date()
    return format_date(day, "long", locale=get_locale())


def ago_words(moment: datetime) -> str:
    """`3 hours ago`."""
    return format_timedelta(
        min(moment - request_now(), timedelta(seconds=-1)), add_direction=True, locale=get_locale() or "en"
    )
