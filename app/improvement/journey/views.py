"""The whole loop of a team on one page, as somebody would show it in a steering meeting."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template, request

from app.accounts.login import me
from app.config import Config
from app.improvement.journey.way import find_way
from app.improvement.plans.pages import find_team
from app.improvement.stories.policy import can_begin
from app.improvement.stories.queries import list_origins
from app.maturity.scoring import shown
from app.web.access import member
from app.web.dates import request_now
from app.web.i18n import language

blueprint = Blueprint("journey", __name__, template_folder="templates")


@blueprint.get("/teams/<slug>/journey")
@member
def show(slug: str) -> str:
    """Raises NotFoundError for a team that the reader does not see the standing of, as for one that is not there."""
    team, person = find_team(slug), me()
    config: Config = current_app.config["GUILDHALL"]
    way = find_way(
        team,
        person,
        request.args.get("framework", ""),
        language=language(),
        time_zone=config.default_time_zone,
        now=request_now(),
    )
    is_own = can_begin(person, team)
    if way is None:
        return render_template("improvement/journey/empty.html", team=team, is_own=is_own)
    drafts = [manuscript for _origin, manuscript in list_origins(team.id) if not manuscript.is_live] if is_own else []
    return render_template(
        "improvement/journey/show.html", team=team, way=way, is_own=is_own, drafts=drafts, shown=shown
    )
