"""Where coaching begins: a team's requests and engagements, a coach's offers and load, and what administrators look after."""

from __future__ import annotations

from flask import Blueprint, render_template

from app.accounts.login import me
from app.coaching.load import load_of
from app.coaching.policy import can_oversee, is_coach
from app.coaching.queries import (
    list_engagements_of_coach,
    list_engagements_of_teams,
    list_offers_to,
    list_requests_of_teams,
)
from app.coaching.requests.queries import list_stranded, teams_to_ask_for
from app.coaching.rules import ASK_NAMES, ENGAGEMENT_NAMES
from app.web.access import member
from app.web.sections import sections_for

blueprint = Blueprint("coaching", __name__, template_folder="../templates")


@blueprint.get("/coaching/")
@member
def index() -> str:
    person = me()
    coaches = is_coach(person)
    running = list_engagements_of_coach(person.id, under_way=True) if coaches else []
    return render_template(
        "coaching/front/index.html",
        teams=teams_to_ask_for(person),
        requests=list_requests_of_teams(person),
        engagements=list_engagements_of_teams(person),
        coaches=coaches,
        offers=list_offers_to(person) if coaches else [],
        running=running,
        ended=list_engagements_of_coach(person.id, under_way=False) if coaches else [],
        load=load_of(person.id) if coaches else None,
        stranded=len(list_stranded()) if can_oversee(person) else 0,
        oversees=can_oversee(person),
        ask_names=ASK_NAMES,
        names=ENGAGEMENT_NAMES,
        sections=sections_for("coaching-front", None, person),
    )
