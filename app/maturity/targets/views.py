"""The levels that a team wants to have: read by whoever may see where it stands, set by its people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts.login import me
from app.accounts.models import Team
from app.accounts.queries import get_team
from app.accounts.rules import Permission
from app.capabilities.models import Area, Capability, Framework
from app.capabilities.queries import list_frameworks
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.kernel.errors import InvalidInputError, NotFoundError
from app.maturity.policy import can_see_standing, speaks_for
from app.maturity.rules import LEVELS
from app.maturity.targets import service
from app.maturity.targets.queries import present_levels, targets_of
from app.maturity.targets.rules import MAX_REASON, Wish, check, propose
from app.web.access import ensure, member
from app.web.dates import request_today
from app.web.numbers import whole_number
from app.web.words import keeps_words

blueprint = Blueprint("targets", __name__, template_folder="templates")


@dataclass
class Row:
    """A capability with where the team is, what it wants, and what is proposed as long as it wants nothing. `is_known` without a level:
    it does not apply.
    """

    capability: Capability
    is_known: bool
    level: int | None
    wish: Wish
    was: Wish
    error: str = ""

    @property
    def proposed(self) -> int | None:
        return propose(self.level)


@blueprint.get("/maturity/teams/<slug>/targets")
@member
def show(slug: str) -> str:
    team, frameworks = _seen(slug), list_frameworks()
    framework = _chosen(frameworks, request.args.get("framework"))
    return _page(team, frameworks, framework, _rows(team, framework))


@blueprint.post("/maturity/teams/<slug>/targets")
@member
@keeps_words
def save(slug: str) -> ResponseReturnValue:
    """All targets of a framework at once, or one level up everywhere."""
    team, frameworks = _seen(slug), list_frameworks()
    ensure(speaks_for(me(), team.id))
    framework = _chosen(frameworks, request.form.get("framework"))
    if request.form.get("action") == "up":
        return _one_level_up(team, framework)
    rows = _rows(team, framework)
    for area_rows in rows.values():
        for row in area_rows:
            _read(row)
    flat = {row.capability.slug: row for area_rows in rows.values() for row in area_rows}
    if any(row.error for row in flat.values()):
        return _page(team, frameworks, framework, rows), 422
    wishes = {slug: row.wish for slug, row in flat.items()}
    was = {slug: row.was for slug, row in flat.items()}
    with transaction() as session:
        changed = service.set_targets(
            session, team, framework, wishes, was=was, actor=me(), today=request_today(), now=utc_now()
        )
    if changed:
        flash(ngettext("One target was changed.", "%(num)s targets were changed.", changed), "good")
    else:
        flash(_("Nothing has changed."), "neutral")
    return _back(team, framework)


def _one_level_up(team: Team, framework: Framework) -> ResponseReturnValue:
    asked = {capability.slug for area in framework.areas for capability in area.capabilities}
    present = present_levels(team.id, framework, with_running=True)
    levels = {slug: level for slug, level in present.items() if slug in asked}
    with transaction() as session:
        changed = service.one_level_up(session, team, framework, levels, actor=me(), now=utc_now())
    if changed:
        flash(ngettext("One target was set one level up.", "%(num)s targets were set one level up.", changed), "good")
    else:
        flash(
            _("Nothing was set: every capability has a target already, or nobody has said yet where you are."), "warn"
        )
    return _back(team, framework)


def _seen(slug: str) -> Team:
    """The team, for those who may see where it stands; for everybody else there is no such page."""
    team = get_team(slug)
    if not can_see_standing(me(), team):
        raise NotFoundError(_("There is no such page, or it is not for you to see."))
    return team


def _chosen(frameworks: Sequence[Framework], slug: str | None) -> Framework:
    """The one that was asked for, else the main one. Raises NotFoundError."""
    found = next((each for each in frameworks if each.slug == slug), None) if slug else next(iter(frameworks), None)
    if found is None:
        raise NotFoundError(_("There is no such framework."))
    return found


def _rows(team: Team, framework: Framework) -> dict[Area, list[Row]]:
    targets = targets_of(team.id, framework.id)
    levels = present_levels(team.id, framework, with_running=speaks_for(me(), team.id))

    def row(capability: Capability) -> Row:
        target = targets.get(capability.slug)
        wish = Wish(target.level, target.due_on, target.reason) if target else Wish(None)
        return Row(capability, capability.slug in levels, levels.get(capability.slug), wish, wish)

    return {area: [row(capability) for capability in area.capabilities] for area in framework.areas}


def _read(row: Row) -> None:
    """What was typed for a capability, and what the form began with."""
    slug = row.capability.slug
    row.wish, wrong = _typed(f"level-{slug}", f"due-{slug}", f"reason-{slug}")
    row.was, _wrong = _typed(f"was-level-{slug}", f"was-due-{slug}", f"was-reason-{slug}")
    try:
        check(row.wish, request_today())
    except InvalidInputError as error:
        wrong = str(error)
    row.error = wrong


def _typed(level: str, due: str, reason: str) -> tuple[Wish, str]:
    sent, day = request.form.get(due, "").strip(), None
    wrong = ""
    if sent:
        try:
            day = date.fromisoformat(sent)
        except ValueError:
            wrong = _("That is no day. Write it as 2026-12-31.")
    return Wish(whole_number(request.form.get(level)), day, request.form.get(reason, "").strip()), wrong


def _page(team: Team, frameworks: Sequence[Framework], framework: Framework, rows: Mapping[Area, Sequence[Row]]) -> str:
    flat = [row for area_rows in rows.values() for row in area_rows]
    context: dict[str, Any] = {
        "may_set": speaks_for(me(), team.id),
        # Why a team wants something is said to those who verify what it says, and to nobody else.
        "reads_reasons": speaks_for(me(), team.id) or me().may(Permission.VERIFY_ASSESSMENTS),
        "has_proposals": any(row.wish.level is None and row.proposed for row in flat),
        "is_known": any(row.level for row in flat),
        "applies": any(row.level or not row.is_known for row in flat),
        "wrong": [row for row in flat if row.error],
    }
    return render_template(
        "maturity/targets/show.html",
        team=team,
        frameworks=frameworks,
        framework=framework,
        rows=rows,
        levels=LEVELS,
        max_reason=MAX_REASON,
        today=request_today(),
        **context,
    )


def _back(team: Team, framework: Framework) -> ResponseReturnValue:
    return redirect(url_for("targets.show", slug=team.slug, framework=framework.slug), 303)
