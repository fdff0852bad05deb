"""Setting targets. Each function is one action; the caller opens the transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Team, User
from app.capabilities.models import Framework
from app.kernel.db import take_turns
from app.kernel.errors import ForbiddenError
from app.maturity.models import Target
from app.maturity.policy import speaks_for
from app.maturity.targets.rules import Wish, check, propose

NOT_YOURS = _l("Only the people of the team set its targets.")


def set_targets(
    session: Session,
    team: Team,
    framework: Framework,
    wishes: Mapping[str, Wish],
    *,
    was: Mapping[str, Wish],
    actor: User,
    today: date,
    now: datetime,
) -> int:
    """Make the targets what `wishes` say, by the slug of the capability. A capability whose wish is as it `was` when the actor
    looked is left to whoever has changed it since. Returns how many changed. Raises ForbiddenError and InvalidInputError.
    """
    for wish in wishes.values():
        check(wish, today)
    kept = _lock(session, team, framework, actor)
    changed = 0
    for capability, wish in wishes.items():
        if wish != was.get(capability, Wish(None)):
            changed += _set(session, kept.get(capability), _new(team, framework, capability), wish, actor, now)
    session.flush()
    return changed


def one_level_up(
    session: Session, team: Team, framework: Framework, levels: Mapping[str, int | None], *, actor: User, now: datetime
) -> int:
    """A target one above each of `levels`, wherever the team has none yet. Returns how many were set. Raises ForbiddenError."""
    kept = _lock(session, team, framework, actor)
    changed = 0
    for capability, level in levels.items():
        wanted = propose(level)
        if wanted is not None and capability not in kept:
            changed += _set(session, None, _new(team, framework, capability), Wish(wanted), actor, now)
    session.flush()
    return changed


def _lock(session: Session, team: Team, framework: Framework, actor: User) -> dict[str, Target]:
    if not speaks_for(actor, team.id):
        raise ForbiddenError(NOT_YOURS)
    take_turns(session, f"targets {team.id} {framework.id}")
    query = select(Target).where(Target.team_id == team.id, Target.framework_id == framework.id)
    rows = session.execute(query.execution_options(populate_existing=True)).scalars()
    return {target.capability: target for target in rows}


def _new(team: Team, framework: Framework, capability: str) -> Target:
    return Target(team_id=team.id, framework_id=framework.id, capability=capability)


def _set(session: Session, kept: Target | None, new: Target, wish: Wish, actor: User, now: datetime) -> bool:
    """Whether anything changed."""
    if wish.level is None:
        if kept is not None:
            session.delete(kept)
        return kept is not None
    target = kept or new
    if Wish(target.level, target.due_on, target.reason or "") == wish:
        return False
    target.level, target.due_on, target.reason = wish.level, wish.due_on, wish.reason
    target.set_by_id, target.set_at = actor.id, now
    session.add(target)
    return True
