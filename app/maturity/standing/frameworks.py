"""Which framework a page is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.capabilities.models import Framework
from app.kernel.db import db
from app.kernel.errors import NotFoundError
from app.maturity.models import Snapshot


@dataclass(frozen=True)
class Choice:
    """`offered` are those that can be chosen; `chosen` is None on a site without any framework."""

    offered: Sequence[Framework]
    chosen: Framework | None


def choose(slug: str, team_id: int | None = None) -> Choice:
    """The framework called so; where the address names none, the main one, or another if only of that there are snapshots (of
    the team, where one is given). Raises NotFoundError where it names one that does not exist.
    """
    known = list(db.session.execute(select(Framework).order_by(Framework.position, Framework.slug)).scalars())
    query = select(Snapshot.framework_id).distinct()
    if team_id is not None:
        query = query.where(Snapshot.team_id == team_id)
    used = set(db.session.execute(query).scalars())
    named = next((each for each in known if each.slug == slug), None)
    if slug and named is None:
        raise NotFoundError(_l("There is no such framework."))
    chosen = named or next((each for each in known if each.id in used), known[0] if known else None)
    return Choice([each for each in known if each.id in used or each is chosen], chosen)
