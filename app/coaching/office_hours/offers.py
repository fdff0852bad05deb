"""What coaches offer next, for the page of all coaches, for one coach's, and where somebody was quicker."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby

from flask_babel import gettext as _

from app.coaches.models import Coach
from app.coaches.queries import FULL, visible_to
from app.coaching.office_hours.models import OfficeHours
from app.coaching.office_hours.rules import DAY, Slot, Span, is_line_open
from app.coaching.office_hours.timetables import Away, Timetable, find_timetables
from app.kernel.clock import zone
from app.kernel.db import db
from app.web.facets import Facet, build_facet, chosen_values
from app.web.i18n import LANGUAGE_NAMES, language, request_zone

FACETS = ("capability", "language", "coach")
DROP_IN_DAYS = 28


@dataclass(frozen=True)
class DropIn:
    """When one can come to a coach without booking, and whether one can stand in line now."""

    hours: OfficeHours
    span: Span
    is_open: bool


@dataclass(frozen=True)
class Offer:
    """A coach with the times that are free, by time, and the days of these weeks on which the coach is away."""

    coach: Coach
    slots: Sequence[Slot]
    drop_ins: Sequence[DropIn] = field(default=())
    away: Sequence[Away] = field(default=())

    @property
    def first(self) -> datetime:
        return min([*(slot.starts_at for slot in self.slots[:1]), *(each.span.starts_at for each in self.drop_ins[:1])])

    def values(self, facet: str) -> list[str]:
        """What of this facet the coach has."""
        if facet == "capability":
            return [skill.capability.slug for skill in self.coach.skills]
        return self.coach.languages if facet == "language" else [self.coach.slug]


def list_offers(now: datetime, *, most: int) -> list[Offer]:
    """Every coach with something to offer, with the first times of each, the soonest first. The same number of queries for any number of coaches."""
    tables = find_timetables(now)
    query = visible_to(None).where(Coach.user_id.in_(tables)).options(*FULL)
    offers = [
        offer_of(coach, tables[coach.user_id], now, most=most) for coach in db.session.execute(query).unique().scalars()
    ]
    return sorted(
        (each for each in offers if each.slots or each.drop_ins), key=lambda each: (each.first, each.coach.id)
    )


def offer_of(coach: Coach, table: Timetable, now: datetime, *, most: int | None = None) -> Offer:
    drop_ins = [DropIn(hours, span, is_line_open(span, now)) for hours, span in table.drop_ins(now, DROP_IN_DAYS)]
    until = now.date() + DROP_IN_DAYS * DAY
    away = [(first, last) for first, last in table.away if last >= now.date() and first <= until]
    return Offer(coach, table.free(now, most=most), drop_ins, away)


def find_coach_of(user_id: int) -> Coach | None:
    query = visible_to(None).where(Coach.user_id == user_id).options(*FULL)
    return db.session.execute(query).unique().scalar_one_or_none()


def chosen(offers: Sequence[Offer]) -> tuple[list[Offer], list[Facet]]:
    """The offers that the address asks for, and its facets with what each value would show."""
    picked = {name: chosen_values(name) for name in FACETS}
    shown = [offer for offer in offers if all(_has(offer, name, picked[name]) for name in FACETS)]
    return shown, [_facet(name, offers, picked) for name in FACETS]


def _has(offer: Offer, facet: str, values: Sequence[str]) -> bool:
    return not values or not set(values).isdisjoint(offer.values(facet))


def _facet(name: str, offers: Sequence[Offer], picked: Mapping[str, Sequence[str]]) -> Facet:
    others = [other for other in FACETS if other != name]
    rest = [offer for offer in offers if all(_has(offer, other, picked[other]) for other in others)]
    counts = Counter(value for offer in rest for value in offer.values(name))
    skills = {skill.capability.slug: skill.capability for offer in offers for skill in offer.coach.skills}
    hues = {slug: str(capability.area.hue) for slug, capability in skills.items()}
    labels: dict[str, tuple[str, Sequence[tuple[str, str]]]] = {
        "capability": (
            _("Capability"),
            sorted(((slug, each.name.in_(language())) for slug, each in skills.items()), key=lambda pair: pair[1]),
        ),
        "language": (_("Language"), list(LANGUAGE_NAMES.items())),
        "coach": (
            _("Coach"),
            sorted(((each.coach.slug, each.coach.user.name) for each in offers), key=lambda pair: pair[1]),
        ),
    }
    label, values = labels[name]
    return build_facet(name, label, counts, values, hues if name == "capability" else None)


def by_day(slots: Sequence[Slot]) -> list[tuple[datetime, list[Slot]]]:
    """The times under the days on which they begin where the reader is."""
    there = zone(request_zone())

    def day_of(slot: Slot) -> date:
        return slot.starts_at.astimezone(there).date()

    days = ((list(found)) for _day, found in groupby(slots, key=day_of))
    return [(found[0].starts_at, found) for found in days]
