"""The sample sessions, dated from the day on which they are loaded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Team, User
from app.admin.sample_afterwards import look_back
from app.admin.sample_dates import Calendar, Data
from app.admin.sample_seats import fill, settle
from app.training.models import TrainingSession
from app.training.service import Details, create, publish
from app.training.talks.service import TalkDetails, add_talk
from app.training.wishes.models import Wish
from app.training.wishes.service import plan_session

# A session that is over was announced so long before it began.
ANNOUNCED_BEFORE = timedelta(days=20)


@dataclass(frozen=True)
class Cast:
    """What sessions speak of by name: people by address, teams, capabilities, courses and wishes by slug."""

    people: Mapping[str, User]
    teams: Mapping[str, Team]
    capabilities: Mapping[str, int]
    courses: Mapping[str, int]
    wishes: Mapping[str, Wish]


def details_of(item: Data, cast: Cast, calendar: Calendar) -> Details:
    """What the file says of a session."""
    meetings = calendar.meetings(item)
    return Details(
        kind=item["kind"],
        title=item["title"],
        description=item["description"],
        language=item["language"],
        capability_id=cast.capabilities.get(item["capability"]),
        level=item["level"],
        starts_at=meetings[0][0],
        ends_at=meetings[-1][1],
        meetings=meetings,
        time_zone=calendar.time_zone,
        place=item.get("place", ""),
        link=item.get("link", ""),
        capacity=item["capacity"],
        signup_opens_at=None,
        signup_closes_at=None,
        coach_ids=[cast.people[email].id for email in item["coaches"]],
        course_id=cast.courses.get(item.get("course", "")),
    )


def load_sessions(session: Session, data: Data, cast: Cast, calendar: Calendar, *, secret: str) -> None:
    """Bring in the sessions that are not there yet. `secret` seals the answers of the feedback."""
    known = set(session.execute(select(TrainingSession.slug).where(TrainingSession.is_sample)).scalars())
    for item in data["sessions"]:
        if item["slug"] not in known:
            _load(session, item, cast, calendar, secret=secret)


def _load(session: Session, item: Data, cast: Cast, calendar: Calendar, *, secret: str) -> None:
    details = details_of(item, cast, calendar)
    announced = min(calendar.now, details.starts_at - ANNOUNCED_BEFORE)
    coach = cast.people[item["coaches"][0]]
    training = _announce(session, item, details, cast, actor=coach, now=announced)
    settle(session, training, item, actor=coach, now=announced)
    for talk in item.get("talks", ()):
        add_talk(session, training.id, _talk(talk), now=announced)
    if item.get("draft"):
        return
    publish(session, training.id, now=announced)
    fill(session, training, item, cast.people, cast.teams, actor=coach, now=announced)
    if details.ends_at < calendar.now:
        look_back(session, training, item, cast.people, actor=coach, secret=secret)


def _announce(
    session: Session, item: Data, details: Details, cast: Cast, *, actor: User, now: datetime
) -> TrainingSession:
    """The draft, which some sessions are of a wish."""
    wish = cast.wishes.get(item.get("wish", ""))
    if wish is None:
        return create(session, details, actor=actor, now=now, slug=item["slug"], is_sample=True)
    training = plan_session(session, wish.id, details, head_start_hours=item["head_start"], actor=actor, now=now)
    training.slug, training.is_sample = item["slug"], True
    session.flush()
    return training


def _talk(item: Data) -> TalkDetails:
    return TalkDetails(
        title=item["title"],
        abstract=item.get("abstract", ""),
        language=item["language"],
        minutes=item.get("minutes"),
        break_before=item.get("break_before", 0),
        story_slug=item.get("story"),
        speakers=item.get("speakers", ()),
    )


def remove_sessions(session: Session) -> int:
    """Take out every sample session with its places. Returns how many."""
    found = session.execute(select(TrainingSession).where(TrainingSession.is_sample)).unique().scalars().all()
    for training in found:
        session.delete(training)
    session.flush()
    return len(found)
