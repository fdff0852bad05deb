"""How much a coach takes on."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.coaching.load import lock_loads
from app.coaching.models import CoachRoom
from app.kernel.errors import InvalidInputError

MOST = 50


def set_room(session: Session, *, most: int, note: str, actor: User, now: datetime) -> None:
    """Engagements and pending requests together, from now on. What is there already stays, even if it is more; nothing is offered
    above it. Raises InvalidInputError.
    """
    if not 0 <= most <= MOST:
        raise InvalidInputError(_l("Choose between 0 and 50."), field="most")
    lock_loads(session)
    session.merge(CoachRoom(user_id=actor.id, most=most, note=note.strip(), changed_at=now))
    session.flush()
