"""What next: the gaps of a team in order, and for each what could help, with one button that puts it into the plan."""

from __future__ import annotations

from flask import Blueprint, render_template

from app.improvement.advice.advising import advise
from app.improvement.advice.rules import FIRST
from app.improvement.advice.wording import because, reasons, total_words
from app.improvement.plans.naming import OF_A_TEAM
from app.improvement.plans.pages import find_place
from app.improvement.plans.progress import worked_on
from app.improvement.plans.queries import find_running
from app.improvement.plans.rules import ItemKind, ItemState, key_of
from app.web.access import member
from app.web.dates import request_today

blueprint = Blueprint("advice", __name__)


@blueprint.get("/teams/<slug>/next")
@member
def show(slug: str) -> str:
    place = find_place(slug)
    plan = find_running(place.team.id, place.framework.id)
    items = plan.items if plan is not None else []
    advice = advise(place.team.id, place.framework, place.asker, under_way=worked_on(items))
    return render_template(
        "improvement/next.html",
        place=place,
        advice=advice,
        first=advice.gaps[:FIRST],
        others=advice.gaps[FIRST:],
        in_plan={item.key: item for item in items if item.state != ItemState.DROPPED},
        key_of=lambda kind, ref, capability: key_of(ItemKind(kind), ref, capability),
        of_a_team=OF_A_TEAM,
        because=because,
        reasons=reasons,
        total_words=total_words,
        today=request_today(),
    )
