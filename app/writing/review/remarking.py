"""Remarks on passages and the answers to them. They are gathered, and sent together: with a decision or a submission, or when
somebody says so, and whoever they are for is told once.
"""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.kernel.db import take_turns
from app.kernel.errors import ConflictError, ForbiddenError, InvalidInputError
from app.notifications.service import notify
from app.writing.models import Manuscript
from app.writing.policy import is_reviewer
from app.writing.queries import list_writers
from app.writing.review.anchoring import Passage
from app.writing.review.models import Remark, RemarkEntry
from app.writing.review.policy import Side, side_of
from app.writing.review.queries import get_remark
from app.writing.review.rules import MAX_QUOTE, MAX_REMARK, MAX_REMARKS
from app.writing.rules import State

NOT_YOURS = _l("Only those who write this text and those who review it may do that.")


def remark(
    session: Session,
    manuscript: Manuscript,
    field: str,
    passage: Passage,
    *,
    number: int,
    text: str,
    actor: User,
    now: datetime,
) -> Remark:
    """Say something about a passage of version `number`; sent twice, it is said once. Raises ForbiddenError, ConflictError for a
    draft, InvalidInputError.
    """
    take_turns(session, f"remarks {manuscript.id}")
    if not is_reviewer(actor, manuscript):
        raise ForbiddenError(_l("Only a reviewer who is not in the authors' teams makes remarks."))
    if manuscript.state not in {State.SUBMITTED, State.CHANGES_REQUESTED}:
        raise ConflictError(_l("This is not being reviewed, so there is nothing to remark on."))
    if len(passage.quote) > MAX_QUOTE:
        raise InvalidInputError(_l("Mark at most 1,000 characters."), field="quote")
    entry = _entry(text, Side.REVIEW, actor, now)
    same = _same_remark(session, manuscript, field, passage, entry)
    if same is not None:
        return same
    query = select(func.count()).select_from(Remark).where(Remark.manuscript_id == manuscript.id)
    if session.execute(query).scalar_one() >= MAX_REMARKS:
        raise ConflictError(_l("There are 300 remarks already. Talk to the authors."))
    made = Remark(
        manuscript_id=manuscript.id,
        number=number,
        field=field,
        quote=passage.quote,
        prefix=passage.prefix,
        suffix=passage.suffix,
        place=int(passage.place * 1000),
        entries=[entry],
    )
    session.add(made)
    session.flush()
    return made


def _same_remark(
    session: Session, manuscript: Manuscript, field: str, passage: Passage, entry: RemarkEntry
) -> Remark | None:
    """What the same person has said of the same passage in the same words and not sent yet."""
    query = (
        select(Remark)
        .join(RemarkEntry)
        .where(
            Remark.manuscript_id == manuscript.id,
            Remark.field == field,
            Remark.quote == passage.quote,
            Remark.place == int(passage.place * 1000),
            RemarkEntry.author_id == entry.author_id,
            RemarkEntry.text == entry.text,
            RemarkEntry.sent_at.is_(None),
        )
    )
    return session.execute(query.limit(1)).unique().scalar_one_or_none()


def answer(session: Session, manuscript: Manuscript, about: Remark, text: str, *, actor: User, now: datetime) -> None:
    """Sent twice, it is said once. Raises ForbiddenError for whoever stands on neither side, InvalidInputError without words,
    NotFoundError where the remark was taken back in the meantime.
    """
    take_turns(session, f"remarks {manuscript.id}")
    session.expire(about)
    about = get_remark(manuscript.id, about.id)
    entry, last = _entry(text, _side(actor, manuscript), actor, now), about.entries[-1]
    if (last.author_id, last.text, last.sent_at) != (entry.author_id, entry.text, None):
        about.entries.append(entry)
        session.flush()


def _entry(text: str, side: Side, actor: User, now: datetime) -> RemarkEntry:
    text = text.strip()
    if not text or len(text) > MAX_REMARK:
        raise InvalidInputError(_l("Say it in 1 to 2,000 characters."), field="text")
    return RemarkEntry(text=text, side=side, author_id=actor.id, at=now)


def mark_done(session: Session, manuscript: Manuscript, about: Remark, *, actor: User, now: datetime) -> None:
    """Those who write it say that they did what was asked, or whoever asked, that it need not be done."""
    _side(actor, manuscript)
    about.done_at, about.done_by_id = now, actor.id
    session.flush()


def reopen(session: Session, manuscript: Manuscript, about: Remark, *, actor: User) -> None:
    """It is not done. Raises ForbiddenError."""
    _side(actor, manuscript)
    about.done_at = about.done_by_id = None
    session.flush()


def take_back(session: Session, about: Remark, *, actor: User) -> None:
    """Delete a remark of one's own that was not sent yet. Raises ForbiddenError, ConflictError once it was read."""
    first = about.entries[0]
    if first.author_id != actor.id:
        raise ForbiddenError(_l("Only whoever made a remark can take it back."))
    if first.sent_at is not None:
        raise ConflictError(_l("The authors have it already. Answer it, or mark it as done."))
    session.delete(about)
    session.flush()


def send(session: Session, manuscript: Manuscript, *, actor: User, now: datetime) -> int:
    """Send what the actor has gathered, and tell the other side once. Returns how many entries went."""
    side = _side(actor, manuscript)
    sent = send_entries(session, manuscript, side, now=now, author=actor)
    if sent:
        params = {"id": manuscript.id, "title": manuscript.title, "actor": actor.name, "count": len(sent)}
        people = list_writers(manuscript) if side is Side.REVIEW else _who_remarked(session, sent)
        for person in people:
            if person.id != actor.id:
                notify(session, person, f"review {side} remarks", params, now=now)
    return len(sent)


def send_entries(
    session: Session, manuscript: Manuscript, side: Side, *, now: datetime, author: User | None = None
) -> list[RemarkEntry]:
    """Let the other side see what was gathered on this one, of `author` or of everybody."""
    query = (
        select(RemarkEntry)
        .join(RemarkEntry.remark)
        .where(Remark.manuscript_id == manuscript.id, RemarkEntry.side == side, RemarkEntry.sent_at.is_(None))
    )
    if author is not None:
        query = query.where(RemarkEntry.author_id == author.id)
    entries = list(session.execute(query).scalars())
    for entry in entries:
        entry.sent_at = now
    session.flush()
    return entries


def _who_remarked(session: Session, entries: list[RemarkEntry]) -> list[User]:
    """Those whose remarks these entries answer."""
    remarks = {entry.remark_id for entry in entries}
    theirs = select(RemarkEntry.author_id).where(RemarkEntry.remark_id.in_(remarks), RemarkEntry.side == Side.REVIEW)
    query = select(User).where(User.id.in_(theirs), User.disabled_at.is_(None)).order_by(User.id)
    return list(session.execute(query).unique().scalars())


def _side(actor: User, manuscript: Manuscript) -> Side:
    side = side_of(actor, manuscript)
    if side is None:
        raise ForbiddenError(NOT_YOURS)
    return side
