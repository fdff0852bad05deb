"""When made-up things happen: counted from the day on which they are loaded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from app.kernel.clock import zone

Data = Mapping[str, Any]
HALF_HOUR = timedelta(minutes=30)


@dataclass(frozen=True)
class Calendar:
    """The moment of loading, and the zone in whose clock readings the files speak."""

    now: datetime
    time_zone: str

    def moment(self, day: int, clock: str) -> datetime:
        """The wall-clock time, so many days after today; what falls on a weekend takes place on the Monday after."""
        there = zone(self.time_zone)
        date = self.now.astimezone(there).date() + timedelta(days=day)
        date += timedelta(days=7 - date.weekday() if date.weekday() > 4 else 0)
        return datetime.combine(date, time.fromisoformat(clock), there)

    def soon(self) -> datetime:
        """A half or full hour that is half an hour away at least and an hour at most, so that attendance is open already."""
        past = (self.now - datetime.min.replace(tzinfo=self.now.tzinfo)) % HALF_HOUR
        return self.now - past + 2 * HALF_HOUR

    def meetings(self, item: Data) -> list[tuple[datetime, datetime]]:
        """(start, end) of each meeting of a session: `meetings` of them (one, if it does not say), `every` so many days."""
        first = self.soon() if item.get("soon") else self.moment(item["day"], item["time"])
        lasts, apart = timedelta(minutes=item["minutes"]), timedelta(days=item.get("every", 7))
        starts = [first + number * apart for number in range(item.get("meetings", 1))]
        return [(start, start + lasts) for start in starts]
