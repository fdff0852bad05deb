"""What conditions of the path are called, how far they are, and what to do next about them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.coaching.growth.path import OF_KIND
from app.coaching.growth.queries import find_next_session
from app.coaching.growth.rules import Progress
from app.training.rules import KIND_NAMES, Kind
from app.web.dates import moment_words
from app.web.filters import number


@dataclass(frozen=True)
class Line:
    """A condition as a reader sees it: what, how far, and whether it is reached."""

    title: str
    have: str
    is_met: bool
    # From 0 to 1: the least of its numbers counts.
    share: float


@dataclass(frozen=True)
class NextThing:
    """What to do next, with where that is done."""

    text: str
    label: str
    url: str


def line_of(progress: Progress) -> Line:
    wanted, have = progress.condition.numbers, progress.have
    shares = [min(1.0, (have.get(name) or 0) / each) if each else 1.0 for name, each in wanted.items()]
    if progress.condition.what == "feedback":
        said = _said_of_feedback(progress)
    else:
        said = _("%(have)s of %(wanted)s", have=number(have.get("count") or 0), wanted=number(int(wanted["count"])))
        if wanted.get("ready"):
            said = _(
                "%(count)s, ready %(have)s of %(wanted)s",
                count=said,
                have=number(have.get("ready") or 0),
                wanted=number(int(wanted["ready"])),
            )
    return Line(title_of(progress), said, progress.is_met, min(shares))


def _said_of_feedback(progress: Progress) -> str:
    mark = progress.have.get("mark")
    if mark is None:
        return _("nothing to show yet: it is shown from five answers in a session on")
    answers = int(progress.have.get("answers") or 0)
    return ngettext(
        "%(mark)s from %(num)s answer", "%(mark)s from %(num)s answers", answers, mark=number(round(mark, 1))
    )


def title_of(progress: Progress) -> str:
    """The condition as something to do."""
    wanted = progress.condition.numbers
    count = int(wanted.get("count", 0))
    if progress.condition.what == OF_KIND:
        kind = KIND_NAMES[Kind(progress.condition.kind)]
        return ngettext(
            "Take part in %(num)s session: %(kind)s", "Take part in %(num)s sessions: %(kind)s", count, kind=kind
        )
    if progress.condition.what == "feedback":
        return _(
            "Be marked %(mark)s or better by %(answers)s people or more",
            mark=number(wanted["mark"]),
            answers=number(int(wanted["answers"])),
        )
    return TITLES[progress.condition.what](count)


TITLES: Mapping[str, Callable[[int], str]] = {
    "co_led": lambda count: ngettext(
        "Run %(num)s session, with somebody", "Run %(num)s sessions, with somebody", count
    ),
    "observed": lambda count: ngettext(
        "Be watched by coaches %(num)s time", "Be watched by coaches %(num)s times", count
    ),
    "engagements_ended": lambda count: ngettext(
        "Coach %(num)s team to the end", "Coach %(num)s teams to the end", count
    ),
    "office_hours_held": lambda count: ngettext(
        "Help %(num)s time in office hours", "Help %(num)s times in office hours", count
    ),
    "observations_given": lambda count: ngettext("Watch others %(num)s time", "Watch others %(num)s times", count),
    "months": lambda count: ngettext(
        "Be on this stage for %(num)s month", "Be on this stage for %(num)s months", count
    ),
}


def next_thing(progress: list[Progress], now: datetime) -> NextThing | None:
    """What to do about the first condition that is not reached; None where only time helps, or nothing is missing."""
    missing = [each for each in progress if not each.is_met]
    for each in missing:
        if each.condition.what == OF_KIND:
            return _next_session(each.condition.kind, now)
        if each.condition.what in _NEXT:
            text, label, endpoint = _NEXT[each.condition.what]()
            return NextThing(text, label, url_for(endpoint))
    return None


def _next_session(kind: str, now: datetime) -> NextThing:
    session = find_next_session(kind, now)
    if session is None:
        text = _("No session of this kind has a seat now. Wish for one, so that coaches see that it is wanted.")
        return NextThing(text, _("Wish for it"), url_for("wishes.new"))
    text = _(
        "Take a seat in the next one: %(title)s, %(moment)s.",
        title=session.title,
        moment=moment_words(session.starts_at),
    )
    return NextThing(text, _("To the session"), url_for("training.show", slug=session.slug))


_NEXT: Mapping[str, Callable[[], tuple[str, str, str]]] = {
    "co_led": lambda: (
        _("Ask a coach whether you can run a session together: they put your name on it."),
        _("Coaches"),
        "coaches.index",
    ),
    "observed": lambda: (
        _("Tell a coach when you run your next session, and ask them to watch."),
        _("Coaches"),
        "coaches.index",
    ),
    "feedback": lambda: (
        _("Run another session, and ask people at its end to say how it was: five answers make it count."),
        _("Training"),
        "training.index",
    ),
    "engagements_ended": lambda: (
        _("Take on a team that asks for a coach, and stay until its goals are reached."),
        _("Coaching"),
        "coaching.index",
    ),
    "office_hours_held": lambda: (
        _("Keep office hours: others book you, or come without booking."),
        _("My office hours"),
        "office_keeping.mine",
    ),
    "observations_given": lambda: (
        _("Watch somebody run a session, and tell them what you saw."),
        _("Say how it went"),
        "growth.observe",
    ),
}
