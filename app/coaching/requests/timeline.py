"""What has happened to a request, and what happens next, in words.

The team sees every coach that was asked, and the reasons. The coach whom it is with sees what was said about the matter, and how
many were asked before: who they were, and why they could not, is between them and the team.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from app.coaching.matching import Candidate
from app.coaching.messages import until_words
from app.coaching.models import CoachingRequest, Offer
from app.coaching.requests.steps import ASKED, REMINDED
from app.coaching.rules import Ask, AskStep, OfferEnd, Origin


@dataclass(frozen=True)
class Event:
    """Something that happened: when, an icon, a sentence, and what was written with it."""

    at: datetime
    icon: str
    line: str
    words: str = ""


def list_events(request: CoachingRequest, *, is_team: bool) -> list[Event]:
    """The history, the first first. `is_team`: for the people of the team; else for the coach whom it is with."""
    offers = [each for each in request.offers if is_team or each.ending is None or each.coach_id == request.coach_id]
    found = [
        *_spoken(request, is_team=is_team),
        *(event for each in offers for event in _offered(each, is_team=is_team)),
    ]
    return sorted(found, key=lambda event: event.at)


def others_before(request: CoachingRequest) -> str:
    """For the coach whom it is with: how many were asked before."""
    number = len({each.coach_id or -each.id for each in request.offers if each.coach_id != request.coach_id})
    return (
        ngettext("%(num)s coach was asked before you.", "%(num)s coaches were asked before you.", number)
        if number
        else ""
    )


def _spoken(request: CoachingRequest, *, is_team: bool) -> Iterator[Event]:
    for word in request.words:
        said = _SAID.get(word.step)
        if said is None:
            continue
        icon, sentence = said
        name = word.author.name if word.author is not None else _("Somebody")
        if word.step == AskStep.ASK_BACK and not is_team and word.author_id != request.coach_id:
            name = _("A coach before you")
        # Why the last one could not take it stands with that one's offer, for the team.
        yield Event(word.at, icon, sentence(name), "" if word.step == AskStep.STRAND else word.text)


_SAID: Mapping[str, tuple[str, Callable[[str], str]]] = {
    ASKED: ("hand-helping", lambda name: _("%(name)s asked for a coach", name=name)),
    REMINDED: ("bell", lambda _name: _("The team was reminded of the question")),
    AskStep.ASK_BACK: ("circle-question-mark", lambda name: _("%(name)s asked", name=name)),
    AskStep.REPLY: ("message-circle", lambda name: _("%(name)s answered", name=name)),
    AskStep.STRAND: ("hourglass", lambda _name: _("Nobody who matches and has room was left")),
    AskStep.WITHDRAW: ("x", lambda name: _("%(name)s withdrew the request", name=name)),
}


def _offered(offer: Offer, *, is_team: bool) -> Iterator[Event]:
    name = offer.coach.name if offer.coach is not None else _("A coach who is here no longer")
    yield Event(offer.offered_at, "arrow-right", _ORIGINS[Origin(offer.origin)](name))
    if offer.ending is not None and offer.ended_at is not None and offer.ending in _ENDINGS:
        icon, sentence = _ENDINGS[OfferEnd(offer.ending)]
        yield Event(offer.ended_at, icon, sentence(name), offer.reason if is_team else "")


_ORIGINS: Mapping[Origin, Callable[[str], str]] = {
    Origin.MATCHED: lambda name: _("Offered to %(name)s, first by the rule", name=name),
    Origin.WISHED: lambda name: _("Offered to %(name)s, as the team wished", name=name),
    Origin.HANDED_OVER: lambda name: _("Offered to %(name)s, proposed by the coach before", name=name),
    Origin.GIVEN: lambda name: _("Offered to %(name)s by an administrator", name=name),
}
_ENDINGS: Mapping[OfferEnd, tuple[str, Callable[[str], str]]] = {
    OfferEnd.ACCEPTED: ("circle-check", lambda name: _("%(name)s accepted", name=name)),
    OfferEnd.DECLINED: ("circle-x", lambda name: _("%(name)s cannot take it", name=name)),
    OfferEnd.HANDED_OVER: ("forward", lambda name: _("%(name)s handed it over", name=name)),
    OfferEnd.RAN_OUT: ("clock", lambda name: _("The two working days of %(name)s were over", name=name)),
    OfferEnd.GONE: ("user-x", lambda name: _("%(name)s coaches no more, or is of the team now", name=name)),
}


def next_words(request: CoachingRequest, then: Candidate | None, *, is_left: bool) -> str:
    """What happens next, and when. `then` is whom the rule names next; where there is nobody, `is_left` says whether somebody who
    matches was not asked yet, and has no room or is away.
    """
    coach = request.coach.name if request.coach is not None else _("The coach")
    if request.state == Ask.OPEN and request.due_at is not None:
        return _after(coach, until_words(request.due_at), then, is_left=is_left)
    if request.state == Ask.ASKED:
        return _(
            "%(coach)s has asked something. The clock stands still until the team answers; then %(coach)s has two working days.",
            coach=coach,
        )
    if request.state == Ask.STRANDED:
        return _with_nobody(is_left=is_left)
    if request.state == Ask.ACCEPTED:
        return _("%(coach)s coaches the team. What follows is on the page of the engagement.", coach=coach)
    return _("Nothing more happens. Ask again whenever you like.")


def _after(coach: str, until: str, then: Candidate | None, *, is_left: bool) -> str:
    if then is not None:
        return _("%(coach)s has until %(until)s, then %(next)s is asked.", coach=coach, until=until, next=then.name)
    if is_left:
        return _(
            "%(coach)s has until %(until)s. After that nobody who matches has room and is there right now: the request would wait "
            "for the first who can take it.",
            coach=coach,
            until=until,
        )
    return _(
        "%(coach)s has until %(until)s. After that everybody who matches has been asked: the request would wait for an "
        "administrator to give it to somebody.",
        coach=coach,
        until=until,
    )


def _with_nobody(*, is_left: bool) -> str:
    if is_left:
        return _(
            "Somebody who matches was not asked yet, and has no room or is away. The request goes to the first of them who can take "
            "it. Administrators know of it and can give it to somebody."
        )
    return _(
        "Nobody who matches is left to ask. Administrators know of it and can give it to anybody who has room, also to somebody who "
        "was asked before. You can ask anew for something wider: another level, another language, or no capability."
    )
