"""The page of a snapshot, and of two of them beside each other."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import gettext as _

from app.accounts.login import me
from app.accounts.models import Team
from app.accounts.queries import get_team
from app.kernel.errors import NotFoundError
from app.maturity.models import Snapshot
from app.maturity.policy import can_see_standing
from app.maturity.rules import VERDICT_NAMES
from app.maturity.scoring import shown
from app.maturity.snapshots.comparing import Sign, compare
from app.maturity.snapshots.content import digest_of
from app.maturity.snapshots.picture import draw
from app.maturity.snapshots.policy import can_read_words
from app.maturity.snapshots.queries import (
    NO_SUCH_SNAPSHOT,
    get_snapshot,
    list_of_team,
    list_teams,
    renames_between,
)
from app.maturity.snapshots.telling import tell
from app.practices.adoption.rules import STAGE_NAMES
from app.web.access import member
from app.web.filters import local
from app.web.numbers import whole_number

blueprint = Blueprint("snapshots", __name__, template_folder="../templates")
SIGN_NAMES = {
    Sign.NEW: lambda: _("new in this version"),
    Sign.GONE: lambda: _("no longer asked"),
    Sign.RENAMED: lambda: _("renamed"),
    Sign.CHANGED: lambda: _("levels read otherwise"),
    Sign.WEIGHED: lambda: _("weighs otherwise"),
}


@blueprint.get("/maturity/snapshots/<id:snapshot_id>")
@member
def show(snapshot_id: int) -> str:
    """What was agreed on a day, and how the score came about."""
    snapshot = get_snapshot(snapshot_id, me())
    others = [each for each in list_of_team(snapshot.team_id, snapshot.framework_id) if each.id != snapshot.id]
    return render_template(
        "maturity/snapshots/show.html",
        snapshot=snapshot,
        content=snapshot.content,
        told=tell(snapshot.content),
        digest_fits=digest_of(snapshot.content) == snapshot.digest,
        earlier=next((each for each in others if each.taken_at <= snapshot.taken_at), None),
        others=others,
        reads_words=can_read_words(me(), snapshot),
        verdict_names=VERDICT_NAMES,
        **_words(),
    )


@blueprint.get("/maturity/compare")
@member
def comparison() -> str:
    """`a` is before and `b` is after. Without `b` it is the newest of the team, or the one before `a`; `team` offers those of another
    team for `b`.
    """
    first = whole_number(request.args.get("a"))
    before = get_snapshot(first, me()) if first is not None else None
    if before is None:
        return render_template("maturity/snapshots/choose.html", teams=list_teams(me(), None))
    second = whole_number(request.args.get("b"))
    after = get_snapshot(second, me()) if second is not None else None
    team = _other_team(after.team if after is not None else before.team)
    own = list_of_team(before.team_id, before.framework_id)
    offered = own if team.id == before.team_id else list_of_team(team.id, before.framework_id)
    if after is None or after.team_id != team.id:
        newest = next((each.id for each in offered if each.id != before.id), None)
        after = get_snapshot(newest, me()) if newest is not None else None
        if after is not None and after.team_id == before.team_id and after.taken_at < before.taken_at:
            before, after = after, before
    return render_template("maturity/snapshots/compare.html", **_compared(before, after, own, offered, team))


def _compared(
    before: Snapshot, after: Snapshot | None, own: list[Snapshot], offered: list[Snapshot], team: Team
) -> dict[str, Any]:
    is_same_framework = after is not None and after.framework_id == before.framework_id
    found = picture = None
    if after is not None and is_same_framework:
        found = compare(before.content, after.content, renames_between(before, after))
        picture = draw(found)
    return {
        "before": before,
        "after": after,
        "own": own,
        "offered": offered,
        "team": team,
        "teams": list_teams(me(), before.framework_id),
        "found": found,
        "picture": picture,
        "sign_names": SIGN_NAMES,
        **_words(),
    }


def _other_team(usual: Team) -> Team:
    """The team that was chosen for `b`. Raises NotFoundError for one whose standing the reader may not see."""
    slug = request.args.get("team")
    team = get_team(slug) if slug else usual
    if not can_see_standing(me(), team):
        raise NotFoundError(NO_SUCH_SNAPSHOT)
    return team


def _words() -> dict[str, Any]:
    return {"shown": shown, "stage_names": STAGE_NAMES, "local": local}
