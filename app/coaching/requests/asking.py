"""The form of a request as the address fills it in: what advises a team links here with what it knows."""

from __future__ import annotations

from typing import Any

from flask import request

from app.accounts.login import me
from app.capabilities.choices import choices_by_area
from app.capabilities.queries import list_main_areas
from app.coaching.matching import Candidate, Wanted, list_candidates, list_with_room
from app.coaching.requests.forms import AskForm
from app.coaching.requests.queries import teams_to_ask_for
from app.kernel.types import LANGUAGES
from app.web.dates import request_now
from app.web.i18n import language
from app.web.numbers import whole_number

LEVELS = {level: level for level in "12345"}
SHOWN = 3


def blank_form() -> AskForm | None:
    """Filled in by `team`, `capability`, `coach` (slugs), `from_level`, `to_level` and `language`. None for whoever is in no
    team.
    """
    teams = teams_to_ask_for(me())
    if not teams:
        return None
    areas = list_main_areas()
    coaches = list_with_room(Wanted(team_id=0))
    by_slug: dict[str, dict[str, Any]] = {
        "team": {each.slug: each.id for each in teams},
        "capability": {each.slug: str(each.id) for area in areas for each in area.capabilities},
        "coach": {each.slug: str(each.user_id) for each in coaches},
    }
    said: dict[str, Any] = {name: known.get(request.args.get(name, "")) for name, known in by_slug.items()}
    said |= {name: LEVELS.get(request.args.get(name, "")) for name in ("from_level", "to_level")}
    asked = request.args.get("language", "")
    said["language"] = asked if asked in LANGUAGES else language()
    form = AskForm(data={name: value for name, value in said.items() if value})
    return form.offer(teams, choices_by_area(areas), [(each.user_id, each.name) for each in coaches])


def list_first(form: AskForm) -> list[Candidate]:
    """Who would be asked first for what the address says: shown beside the form before it is sent."""
    wanted = Wanted(
        team_id=form.team.data or 0,
        capability_id=whole_number(form.capability.data),
        to_level=whole_number(form.to_level.data),
        language=form.language.data if form.language.data in LANGUAGES else language(),
    )
    return list_candidates(wanted, request_now())[:SHOWN]
