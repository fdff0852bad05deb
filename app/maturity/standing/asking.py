"""Who asks for which team's standing, and everything that the page hangs on, in one query: for a page that is kept already, it
is the only one beside the reader's own row.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, bindparam, func, select

from app.accounts.models import Membership, Team, User
from app.accounts.rules import Permission
from app.kernel.db import db
from app.kernel.errors import NotFoundError
from app.maturity.models import Assessment, Snapshot, Target


@dataclass(frozen=True)
class Asked:
    """`own_team_ids` are those that the reader sees by name for being in them; `is_own`: this is one of them. `stamp` is that of
    all snapshots, `key` differs wherever the page does.
    """

    team_id: int
    is_own: bool
    own_team_ids: frozenset[int]
    stamp: Hashable
    key: Hashable


def ask_for(slug: str, user: User) -> Asked:
    """Raises NotFoundError where there is no such team, and where it is not for this person to see: `policy.can_see_standing`,
    which a test holds equal.
    """
    row = db.session.execute(_TEAM, {"slug": slug, "user": user.id}).one_or_none()
    if row is None or not (row.is_own or row.is_benchmark or user.may(Permission.SEE_STANDINGS)):
        raise NotFoundError(NO_STANDING)
    own = own_team_ids(user)
    stamp = (row.number, row.last, row.at)
    return Asked(row.id, bool(row.is_own), own, stamp, (tuple(row), own))


NO_STANDING = _l("There is no such team, or where it stands is not for you to see.")


def own_team_ids(user: User) -> frozenset[int]:
    """The teams that this person knows from the inside. Of no matter for whoever may see all of them anyway."""
    return frozenset() if user.may(Permission.SEE_STANDINGS) else user.team_ids


def snapshots_stamp() -> tuple[Any, ...]:
    """Another one whenever there is another snapshot. None is ever changed, and one goes only with its team, which is counted."""
    return tuple(db.session.execute(_STAMP).one())


_STAMP = select(func.count(Snapshot.id), func.max(Snapshot.id), func.max(Snapshot.taken_at))


def _team() -> Select[*tuple[Any, ...]]:
    """The targets and assessments of the team as well: both change, and are counted and dated when they do."""
    snapshots = select(
        func.count(Snapshot.id).label("number"),
        func.max(Snapshot.id).label("last"),
        func.max(Snapshot.taken_at).label("at"),
    ).subquery()
    is_own = (
        select(func.count())
        .where(Membership.team_id == Team.id, Membership.user_id == bindparam("user"))
        .scalar_subquery()
    )
    of_targets = [
        select(value).where(Target.team_id == Team.id).scalar_subquery()
        for value in (func.count(Target.id), func.max(Target.id), func.max(Target.set_at), func.sum(Target.level))
    ]
    of_assessments = [
        select(value).where(Assessment.team_id == Team.id).scalar_subquery()
        for value in (func.count(Assessment.id), func.sum(Assessment.revision))
    ]
    return select(Team.id, Team.is_benchmark, is_own.label("is_own"), snapshots, *of_targets, *of_assessments).where(
        Team.slug == bindparam("slug")
    )


_TEAM = _team()
