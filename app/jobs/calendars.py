"""Entries of calendars as iCalendar objects (RFC 5545): for a mail, for a file to save, for a feed. What is entered is told by the
features: an entry has the same UID wherever it stands, and a SEQUENCE that rises with every change.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from functools import lru_cache

from flask import current_app
from icalendar import Calendar, Event, Timezone, vCalAddress

from app.config import Config
from app.jobs.calendar_zones import timezone_of
from app.kernel.clock import zone

PRODID = "-//Guildhall//EN"
_END = b"END:VCALENDAR\r\n"
# Other than line break and tab, no program that reads a calendar expects any.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True)
class Address:
    """A name and a mail address."""

    name: str
    email: str


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What a calendar has. `status` is None where RFC 5546 wants none."""

    uid: str
    title: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    place: str
    text: str
    url: str
    sequence: int
    stamp: datetime
    changed_at: datetime
    status: str | None


def organizer() -> Address:
    """Who sends the invitations. Programs act on them only if that is who sends the mail (RFC 6047, 3)."""
    config: Config = current_app.config["GUILDHALL"]
    return Address(config.site_name, parseaddr(config.mail_from)[1])


def as_calendar(
    entries: Sequence[Entry],
    *,
    method: str,
    organizer: Address,
    attendee: Address | None = None,
    name: str = "",
    renew: timedelta | None = None,
) -> bytes:
    """An iCalendar object of these entries. `attendee` is who it is sent to; `name` and `renew` are for what is subscribed to:
    what it is called, and how often to look again (RFC 7986, 5.1 and 5.7, and what Outlook and Google ask instead).
    """
    calendar = Calendar()
    calendar.add("prodid", PRODID)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    if name:
        calendar.add("name", _line(name))
        calendar.add("x-wr-calname", _line(name))
    if renew is not None:
        calendar.add("refresh-interval", renew, parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", renew, parameters={"VALUE": "DURATION"})
    for timezone in _timezones(entries):
        calendar.add_component(timezone)
    head = bytes(calendar.to_ical()).removesuffix(_END)
    write = _kept_event if attendee is None else _event
    return b"".join([head, *(write(entry, organizer, attendee) for entry in entries), _END])


def _timezones(entries: Iterable[Entry]) -> list[Timezone]:
    """Each zone once, over the years of its entries and one on either side."""
    years: dict[str, list[int]] = {}
    for entry in entries:
        if _name(entry) != "UTC":
            years.setdefault(_name(entry), []).extend([entry.starts_at.year, entry.ends_at.year])
    return [timezone_of(name, min(found) - 1, max(found) + 1) for name, found in years.items()]


def _name(entry: Entry) -> str:
    return str(zone(entry.zone))


def _event(entry: Entry, organizer: Address, attendee: Address | None) -> bytes:
    there = UTC if _name(entry) == "UTC" else zone(entry.zone)
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.stamp.astimezone(UTC))
    event.add("last-modified", entry.changed_at.astimezone(UTC))
    event.add("summary", _line(entry.title))
    event.add("dtstart", entry.starts_at.astimezone(there))
    event.add("dtend", entry.ends_at.astimezone(there))
    if entry.text:
        event.add("description", _CONTROL.sub(" ", entry.text.replace("\r\n", "\n").replace("\r", "\n")))
    if entry.place:
        event.add("location", _line(entry.place))
    event.add("url", entry.url)
    if entry.status:
        event.add("status", entry.status)
    event.add("organizer", _address(organizer))
    if attendee is not None:
        address = _address(attendee)
        # A seat was asked for or accepted before; the calendar has nothing to ask again.
        address.params.update(
            {"CUTYPE": "INDIVIDUAL", "ROLE": "REQ-PARTICIPANT", "PARTSTAT": "ACCEPTED", "RSVP": "FALSE"}
        )
        event.add("attendee", address)
    return bytes(event.to_ical())


# Feeds write the same entries for everybody again and again; what is sent to one person is written once.
_kept_event = lru_cache(maxsize=4096)(_event)


def _address(address: Address) -> vCalAddress:
    value = vCalAddress(f"mailto:{address.email}")
    # A parameter can hold no quotation mark, and what RFC 6868 writes instead few programs read.
    value.params["CN"] = _line(address.name).replace('"', "'")
    return value


def _line(text: str) -> str:
    return " ".join(_CONTROL.sub(" ", text).split())
