"""Saying whether something was helpful. Each function is one action; the caller opens the transaction."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.community.helpful.models import HelpfulAnswer
from app.community.helpful.rules import MAX_WORDS, Reason
from app.community.subjects import Ref
from app.kernel.db import take_turns
from app.kernel.errors import InvalidInputError


def answer(
    session: Session,
    ref: Ref,
    *,
    is_helpful: bool,
    reason: Reason | None = None,
    words: str = "",
    actor: User,
    now: datetime,
) -> None:
    """Put down the person's one answer, in place of what it was before. A reason is kept for "no" alone."""
    if len(words) > MAX_WORDS:
        raise InvalidInputError(_l("Use at most 500 characters."), field="words")
    # So that two answers of one person at once are one after the other, and not a conflict.
    take_turns(session, f"helpful {ref} {actor.id}")
    given = session.get(HelpfulAnswer, (ref.kind, ref.slug, actor.id), populate_existing=True)
    if given is None:
        given = HelpfulAnswer(kind=ref.kind, slug=ref.slug, user_id=actor.id)
        session.add(given)
    given.is_helpful, given.at = is_helpful, now
    given.reason = "" if is_helpful or reason is None else reason
    given.words = "" if is_helpful else words.strip()
    session.flush()


def withdraw(session: Session, ref: Ref, *, actor: User) -> None:
    """Have said nothing."""
    session.execute(
        delete(HelpfulAnswer).where(
            HelpfulAnswer.kind == ref.kind, HelpfulAnswer.slug == ref.slug, HelpfulAnswer.user_id == actor.id
        )
    )
