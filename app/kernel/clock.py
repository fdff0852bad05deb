"""The only place that asks the operating system for the time. Below the views, `now` is passed in."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones


def utc_now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def is_zone(name: str) -> bool:
    """Is `name` an IANA time zone that a person may choose?"""
    return name in _ZONES


def zone(name: str) -> ZoneInfo:
    """The zone called `name`; UTC where this machine no longer knows it, so that a stored name never breaks a page."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def list_zones() -> list[str]:
    """Every IANA zone of the form Area/City, and UTC, sorted."""
    return sorted(_ZONES)


_ZONES = frozenset(
    name
    for name in available_timezones()
    if "/" in name and not name.startswith(("Etc/", "SystemV/", "posix/", "right/"))
) | {"UTC"}
