"""Saying that an article is still right; giving it to somebody. Each function is one action."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.kernel.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from app.practices.models import Practice
from app.practices.upkeep.models import UpkeepCheck
from app.practices.upkeep.policy import looks_after, looks_after_all
from app.practices.upkeep.queries import list_languages
from app.practices.upkeep.rules import MONTHS, next_date

NOT_YOURS = _l("Only the owner of the article and the editors may do that.")


def confirm(
    session: Session, slug: str, *, months: int, note: str, actor: User, today: date, now: datetime
) -> UpkeepCheck:
    """The actor has looked at it, and it is still right: in `months` it is looked at again.

    Raises NotFoundError, ForbiddenError, and InvalidInputError for the field `months`.
    """
    languages = _get(slug)
    if not any(looks_after(actor, practice) for practice in languages):
        raise ForbiddenError(NOT_YOURS)
    if months not in MONTHS:
        raise InvalidInputError(_l("Choose one."), field="months")
    check = UpkeepCheck(
        slug=slug, user_id=actor.id, checked_on=today, next_by=next_date(today, months), note=note.strip(), at=now
    )
    session.add(check)
    for practice in languages:
        practice.reviewed_on, practice.review_by = check.checked_on, check.next_by
    session.flush()
    return check


def give(session: Session, slugs: Sequence[str], owner: User, *, actor: User) -> None:
    """Make somebody the owner of articles. Raises NotFoundError, ForbiddenError, and ConflictError for an article of the
    library's files: there the file names the owner.
    """
    for slug in dict.fromkeys(slugs):
        languages = _get(slug)
        if not looks_after_all(actor):
            raise ForbiddenError(NOT_YOURS)
        for practice in languages:
            if practice.origin.startswith("library:"):
                raise ConflictError(
                    _l(
                        "“%(title)s” is kept in the file %(path)s, which names its owner. Change it there.",
                        title=practice.title,
                        path=practice.origin.removeprefix("library:"),
                    )
                )
            practice.owner_id, practice.owner_name = owner.id, ""
    session.flush()


def _get(slug: str) -> list[Practice]:
    languages = list_languages(slug)
    if not languages:
        raise NotFoundError(_l("There is no such practice. Search for it, or look through the library."))
    return languages
