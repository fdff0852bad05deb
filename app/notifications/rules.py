"""What messages are about, how they can reach a person, and when a digest is due. No database, no Flask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l

from app.kernel.clock import zone

# The hour of a digest, on the person's own clock, for whoever has not chosen another one; weekly ones come on Mondays.
DEFAULT_HOUR = 8
HOURS = range(24)
MONDAY = 0


class Topic(StrEnum):
    """What a message is about, as people choose it. Every kind of message has one (`TOPICS` beside its `WORDINGS`)."""

    SEATS = "seats"
    REMINDERS = "reminders"
    RUNNING = "running"
    TRAINING = "training"
    WISHES = "wishes"
    REVIEWS = "reviews"
    KEEPING = "keeping"
    COMMENTS = "comments"
    MENTIONS = "mentions"
    FOLLOWING = "following"
    READING = "reading"
    ASSESSMENTS = "assessments"
    PLANS = "plans"
    COACHING = "coaching"
    ACCOUNT = "account"


class Mailing(StrEnum):
    """When mail comes."""

    AT_ONCE = "at once"
    DAILY = "daily"
    WEEKLY = "weekly"
    NEVER = "never"


MAILING_NAMES = {
    Mailing.AT_ONCE: _l("At once"),
    Mailing.DAILY: _l("In the daily digest"),
    Mailing.WEEKLY: _l("In the weekly digest"),
    Mailing.NEVER: _l("No mail"),
}
DIGESTS = frozenset({Mailing.DAILY, Mailing.WEEKLY})
_ANY = tuple(Mailing)


@dataclass(frozen=True)
class Rule:
    """How a topic is called, what belongs to it, and what can be chosen. Where only one thing can, `reason` says why."""

    name: Any
    about: Any
    mailing: Mailing = Mailing.AT_ONCE
    allowed: Sequence[Mailing] = _ANY
    reason: Any = ""

    @property
    def is_locked(self) -> bool:
        return len(self.allowed) == 1


# In the order of the page.
RULES: Mapping[Topic, Rule] = {
    Topic.SEATS: Rule(
        _l("Seats and sign-ups"),
        _l("A seat that became yours or is offered to you, a session that moved or was cancelled"),
        allowed=(Mailing.AT_ONCE,),
        reason=_l("An offer ends after some hours, and these mails keep your calendar right."),
    ),
    Topic.REMINDERS: Rule(
        _l("Reminders"),
        _l("Before a session in which you have a seat"),
        allowed=(Mailing.AT_ONCE, Mailing.NEVER),
        reason=_l("In a digest a reminder could come after the session."),
    ),
    Topic.RUNNING: Rule(
        _l("Sessions that you run"),
        _l("Few have signed up; a certificate is in doubt"),
        allowed=(Mailing.AT_ONCE,),
        reason=_l("You have to decide something before a date."),
    ),
    Topic.TRAINING: Rule(_l("After a training"), _l("Thanks and feedback, materials, certificates")),
    Topic.WISHES: Rule(_l("Wishes"), _l("What became of a training that you wished for")),
    Topic.REVIEWS: Rule(_l("Drafts and reviews"), _l("What is submitted, asked for, accepted or rejected")),
    Topic.KEEPING: Rule(
        _l("Articles that you look after"), _l("One is due to be looked at, or its translation is behind")
    ),
    Topic.COMMENTS: Rule(
        _l("Comments and answers"), _l("On what you wrote, and in threads that you are in"), mailing=Mailing.DAILY
    ),
    Topic.MENTIONS: Rule(_l("Mentions"), _l("Somebody names you with @")),
    Topic.FOLLOWING: Rule(
        _l("What you follow"),
        _l("News of practices, capabilities, tags, teams and coaches that you follow"),
        mailing=Mailing.DAILY,
    ),
    Topic.READING: Rule(
        _l("To read and confirm"),
        _l("An article that your team has to know, and the day by which"),
        allowed=(Mailing.AT_ONCE, Mailing.DAILY),
        reason=_l("It has to be read by a date."),
    ),
    Topic.ASSESSMENTS: Rule(
        _l("Assessments"), _l("One of your team, or one that you verify, has moved on; a framework has a new version")
    ),
    Topic.PLANS: Rule(
        _l("Improvement plans"),
        _l("Something that is yours is due, or was given to you; your team is to be assessed again"),
    ),
    Topic.COACHING: Rule(
        _l("Coaching"),
        _l("A request, its answers, and appointments in office hours"),
        allowed=(Mailing.AT_ONCE,),
        reason=_l("A coach has two working days to answer, and these mails keep your calendar right."),
    ),
    Topic.ACCOUNT: Rule(
        _l("Your account"),
        _l("Links to join or to choose another password"),
        allowed=(Mailing.AT_ONCE,),
        reason=_l("Without them nobody could get in."),
    ),
}


@dataclass(frozen=True)
class Way:
    """How a person hears of a topic. What is locked is always shown in the application, too."""

    in_app: bool
    mailing: Mailing


def default_way(topic: Topic) -> Way:
    return Way(in_app=True, mailing=RULES[topic].mailing)


def allowed_way(topic: Topic, *, in_app: bool, mailing: str) -> Way:
    """What was chosen, as far as the topic allows it; else its default."""
    rule = RULES[topic]
    chosen = Mailing(mailing) if mailing in rule.allowed else rule.mailing
    return Way(in_app=in_app or rule.is_locked, mailing=chosen)


def next_digest(after: datetime, zone_name: str, hour: int, mailing: Mailing) -> datetime:
    """The first moment after `after` at which it is `hour` on that zone's clocks, for weekly ones on a Monday.

    An hour that the clocks skip in spring comes as many minutes later as they skip; of an hour that comes twice in autumn it is
    the first (PEP 495, fold 0).
    """
    there = zone(zone_name)
    day = after.astimezone(there).date()
    if mailing is Mailing.WEEKLY:
        day += timedelta(days=(MONDAY - day.weekday()) % 7)
    step = timedelta(days=7 if mailing is Mailing.WEEKLY else 1)
    while True:
        moment = datetime.combine(day, time(hour), there).astimezone(UTC)
        if moment > after:
            return moment
        day += step
