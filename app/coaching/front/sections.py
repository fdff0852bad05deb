"""What other pages show of coaching: on the first page what waits for the reader, on a coach's page whether there is room, on a
team's page who coaches it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.accounts.models import Team, User
from app.coaches.models import Coach
from app.coaching.front.queries import list_questions_to, usual_days
from app.coaching.load import Load, load_of
from app.coaching.models import CoachingRequest, Engagement
from app.coaching.policy import is_coach
from app.coaching.queries import list_engagements_of_coach, list_engagements_of_team, list_offers_to
from app.coaching.rules import ENGAGEMENT_NAMES, UNDER_WAY, Ask, Phase
from app.web.dates import request_now
from app.web.sections import Section

SHOWN = 4


@dataclass(frozen=True)
class Line:
    """A request or an engagement as a card: what it is called, where it leads, and what has to be known of it."""

    url: str
    title: str
    hue: int | None
    eyebrow: str
    request: CoachingRequest | None = None
    engagement: Engagement | None = None
    state: str = ""


def offers_to_me(_home: Any, reader: User) -> Section | None:
    """What a coach has to answer, the most urgent first."""
    if not is_coach(reader):
        return None
    found = [each for each in list_offers_to(reader) if each.state == Ask.OPEN]
    lines = [line_of_request(each, _("Asks you for coaching")) for each in found]
    return _section(_("Waits for your answer"), lines, url_for("coaching_week.show"))


def questions_to_my_team(_home: Any, reader: User) -> Section | None:
    """What a coach has asked a team of the reader's."""
    lines = [line_of_request(each, _("Your coach has a question")) for each in list_questions_to(reader)]
    return _section(_("A coach asks your team"), lines, url_for("coaching.index"))


def line_of_request(request: CoachingRequest, eyebrow: str) -> Line:
    capability = request.capability
    return Line(
        url_for("coaching_requests.show", request_id=request.id),
        request.team.name,
        capability.area.hue if capability is not None else None,
        eyebrow,
        request=request,
    )


def line_of_engagement(engagement: Engagement, eyebrow: str) -> Line:
    hue = next((goal.capability.area.hue for goal in engagement.goals if goal.capability is not None), None)
    return Line(
        url_for("engagements.show", engagement_id=engagement.id),
        engagement.title,
        hue,
        eyebrow,
        engagement=engagement,
        state=str(ENGAGEMENT_NAMES[Phase(engagement.state)]),
    )


@dataclass(frozen=True)
class Room:
    """Whether a coach has room, how quickly there is usually an answer, and the way to ask."""

    load: Load
    days: int | None
    ask_url: str | None
    running: int


def room_of_coach(coach: Coach, reader: User | None) -> Section | None:
    """On a coach's page, for members. Whoever is in a team can ask; the coach sees the way to the week."""
    if reader is None:
        return None
    load = load_of(coach.user_id)
    asks = load.has_room and bool(reader.team_ids) and reader.id != coach.user_id
    room = Room(
        load,
        usual_days(coach.user_id, request_now()),
        url_for("coaching_requests.new", coach=coach.slug) if asks else None,
        len(list_engagements_of_coach(coach.user_id, under_way=True)) if reader.id == coach.user_id else 0,
    )
    return Section(_("Coaching of teams"), "coaching/front/_room.html", [room], 1)


def coaching_of_team(team: Team, reader: User | None) -> Section | None:
    """On a team's page, for its people and for a coach of it: who coaches it. That a team is coached is nobody else's business."""
    if reader is None:
        return None
    found = list_engagements_of_team(team.id)
    if team.id not in reader.team_ids:
        found = [each for each in found if each.coach_id == reader.id]
    found = [each for each in found if each.state in UNDER_WAY]
    lines = [line_of_engagement(each, each.coach.name if each.coach is not None else "") for each in found]
    if lines or team.id not in reader.team_ids:
        return _section(_("Coaching"), lines, url_for("coaching.index"))
    ask = Line(
        url_for("coaching_requests.new", team=team.slug),
        _("Ask for a coach"),
        None,
        _("Nobody coaches your team at the moment."),
    )
    return _section(_("Coaching"), [ask], url_for("coaching.index"))


def _section(title: str, lines: list[Line], url: str) -> Section | None:
    if not lines:
        return None
    return Section(title, "coaching/front/_line.html", lines[:SHOWN], len(lines), url)
