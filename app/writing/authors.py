"""Who writes a text together: somebody is named, somebody leaves. The caller opens the transaction."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.kernel.errors import ConflictError, ForbiddenError, InvalidInputError
from app.notifications.service import notify
from app.writing.models import Author, Manuscript
from app.writing.policy import is_of_team
from app.writing.service import NOT_YOURS, lock, refuse_file

NAMED = "writing named"
MAX_AUTHORS = 20


def name_author(
    session: Session, manuscript: Manuscript, person: User | None, *, actor: User, now: datetime
) -> Author | None:
    """`person` writes on it, too, and is told. None where that was so already.

    Raises ForbiddenError for whoever does not write it, InvalidInputError for the field `email` where there is no such
    account, ConflictError where the list is full or the text is kept in a file.
    """
    lock(session, manuscript)
    if not is_of_team(actor, manuscript):
        raise ForbiddenError(NOT_YOURS)
    refuse_file(manuscript)
    if person is None or not person.is_active:
        raise InvalidInputError(_l("Nobody here has this address."), field="email")
    if person.id in manuscript.author_ids:
        return None
    if len(manuscript.authors) >= MAX_AUTHORS:
        raise ConflictError(_l("There are %(count)s authors already; more cannot be named.", count=MAX_AUTHORS))
    author = Author(user=person, position=1 + max((each.position for each in manuscript.authors), default=-1))
    manuscript.authors.append(author)
    session.flush()
    if person.id != actor.id:
        params = {"id": manuscript.id, "title": manuscript.title, "actor": actor.name}
        notify(session, person, NAMED, params, now=now)
    return author


def leave(session: Session, manuscript: Manuscript, *, actor: User) -> None:
    """The actor writes on it no longer. What they wrote stays in its versions.

    Raises ConflictError for the last author: a text that nobody writes would be nobody's.
    """
    lock(session, manuscript)
    mine = next((author for author in manuscript.authors if author.user_id == actor.id), None)
    if mine is None:
        return
    if len(manuscript.authors) == 1:
        raise ConflictError(_l("You are the only author. Name somebody else first; then you can leave."))
    manuscript.authors.remove(mine)
    session.flush()
