"""Who asks for which team's standing, and everything that the page hangs on, in one query: for a page that is kept already, it
is the only one beside the reader's own row.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, bindparam, func, select

from app.accounts.models import Membership, Team, User
from app.accounts.rules import Permission
from app.kernel.db import db
from app.kernel.errors import NotFoundError
from app.maturity.models import Assessment, Snapshot, Target
from app.maturity.rules import RUNNING


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
    row = db.session.connection().execute(_TEAM, {"slug": slug, "user": user.id}).one_or_none()
    if row is None or not (row.is_own or row.is_benchmark or user.may(Permission.SEE_STANDINGS)):
        raise NotFoundError(NO_STANDING)
    own = own_team_ids(user)
    running = tuple(running_ids(row.id)) if row.is_own else ()
    return Asked(row.id, bool(row.is_own), own, row.last, (tuple(row), own, running))


NO_STANDING = _l("There is no such team, or where it stands is not for you to see.")


def own_team_ids(user: User) -> frozenset[int]:
    """The teams that this person knows from the inside. Of no matter for whoever may see all of them anyway."""
    return frozenset() if user.may(Permission.SEE_STANDINGS) else user.team_ids


def running_ids(team_id: int) -> Sequence[int]:
    """What the team has in hand, against any framework."""
    query = select(Assessment.id).where(Assessment.team_id == team_id, Assessment.state.in_(RUNNING))
    return db.session.execute(query.order_by(Assessment.id)).scalars().all()


def snapshots_stamp() -> int:
    """Another one whenever there is another snapshot: none is ever changed, and one goes only with its team, whose row counts the
    revision by which everything is kept.
    """
    return db.session.connection().execute(_STAMP).scalar_one() or 0


_STAMP = select(func.max(Snapshot.id))


def _team() -> Select[*tuple[Any, ...]]:
    """The targets of the team as well: they change, and are counted and dated when they do."""
    is_own = (
        select(func.count())
        .where(Membership.team_id == Team.id, Membership.user_id == bindparam("user"))
        .scalar_subquery()
    )
    of_targets = [
        select(value).where(Target.team_id == Team.id).scalar_subquery()
        for value in (func.count(Target.id), func.max(Target.id), func.max(Target.set_at), func.sum(Target.level))
    ]
    stamp = _STAMP.scalar_subquery()
    return select(Team.id, Team.is_benchmark, is_own.label("is_own"), stamp.label("last"), *of_targets).where(
        Team.slug == bindparam("slug")
    )


# Built once: everybody who looks at a standing asks it. On the bare connection, for no object is wanted.
_TEAM = _team()
