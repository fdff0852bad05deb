"""What people do with comments. Each function is one action; the caller opens the transaction, and has rendered the words
before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.mentions import tell_mentioned
from app.accounts.models import User
from app.community.comments.models import Comment
from app.community.comments.policy import can_edit, can_hide, can_mark_answered, can_remove
from app.community.comments.queries import NO_SUCH_COMMENT, count_since, list_people, list_people_in
from app.community.comments.rules import COMMENTED, MAX_COMMENT, MAX_REASON, MOST_AN_HOUR, key_of
from app.community.subjects import NO_SUCH_SUBJECT, Subject
from app.kernel.db import take_turns
from app.kernel.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from app.kernel.markup import guess_language
from app.kernel.remarks import as_remark
from app.kernel.sanitising import plain_text
from app.media.rendering import render_text
from app.notifications.service import notify

TOLD = 300


@dataclass(frozen=True)
class Words:
    """What somebody wrote, rendered."""

    source: str
    html: str
    language: str


def words_of(source: str) -> Words:
    """Outside of a transaction: rendering takes its time. Raises InvalidInputError for what is empty or too long."""
    source = source.strip()
    if not source:
        raise InvalidInputError(_l("Write something first."), field="text")
    if len(source) > MAX_COMMENT:
        raise InvalidInputError(_l("Use at most 4,000 characters. What is longer is an article."), field="text")
    language = guess_language(source)
    return Words(source, as_remark(render_text(source, language, _own_pictures).html), language)


def _own_pictures(kind: str, target: str) -> str | None:
    """Only what was uploaded here: pictures from elsewhere would tell others who reads."""
    return target if kind == "link" or target.startswith("/media/") else None


def write(
    session: Session,
    subject: Subject,
    words: Words,
    *,
    thread_id: int | None = None,
    form_key: str,
    actor: User,
    now: datetime,
) -> tuple[Comment, bool]:
    """Say something about `subject`, in a thread or as the first of a new one, and tell those whom it concerns. The same
    form sent twice says it once. Returns the comment, and whether it is new. Raises InvalidInputError for too many.
    """
    if subject.kind not in COMMENTED:
        raise NotFoundError(NO_SUCH_SUBJECT)
    take_turns(session, f"comments of {actor.id}")
    thread = _thread(session, subject, thread_id)
    key = key_of(form_key, f"{subject.ref} {thread.id if thread else ''}", words.source)
    same = session.execute(
        select(Comment).where(Comment.author_id == actor.id, Comment.key == key)
    ).scalar_one_or_none()
    if same is not None:
        return same, False
    if count_since(actor.id, now - timedelta(hours=1)) >= MOST_AN_HOUR:
        raise InvalidInputError(
            _l(
                "You have written %(number)s comments in an hour. Take a break and send this later.",
                number=MOST_AN_HOUR,
            ),
            field="text",
        )
    comment = Comment(
        kind=subject.kind,
        slug=subject.slug,
        thread_id=thread.id if thread else None,
        author_id=actor.id,
        key=key,
        language=words.language,
        source=words.source,
        html=words.html,
        at=now,
    )
    session.add(comment)
    session.flush()
    _tell(session, subject, comment, actor=actor, now=now)
    return comment, True


def edit(session: Session, comment_id: int, subject: Subject, words: Words, *, actor: User, now: datetime) -> Comment:
    """Say it better; whoever is mentioned only now is told. Raises ConflictError once the words are no longer fresh."""
    comment = _lock(session, comment_id)
    if comment.author_id != actor.id:
        raise ForbiddenError(_l("Only whoever wrote a comment can change it."))
    if not can_edit(actor, comment, now):
        raise ConflictError(
            _l("A comment can be changed for 15 minutes. By now others may have answered to it: add another one.")
        )
    if comment.source != words.source:
        _tell_mentioned(session, subject, comment, words.source, old_text=comment.source, actor=actor, now=now)
        comment.source, comment.html, comment.language = words.source, words.html, words.language
        comment.edited_at = now
    session.flush()
    return comment


def remove(session: Session, comment_id: int, *, actor: User, now: datetime) -> None:
    """Take an own comment back. Where answers hang on it, a line stays that says so; else nothing does."""
    comment = _lock(session, comment_id)
    if comment.author_id != actor.id:
        raise ForbiddenError(_l("Only whoever wrote a comment can take it back. Editors can hide it."))
    if not can_remove(actor, comment):
        raise ConflictError(_l("You have taken this comment back already."))
    if _has_answers(session, comment.id):
        comment.removed_at, comment.source, comment.html = now, "", ""
        session.flush()
        return
    thread = session.get(Comment, comment.thread_id) if comment.thread_id else None
    session.delete(comment)
    session.flush()
    if thread is not None and thread.removed_at is not None and not _has_answers(session, thread.id):
        # The last answer is gone, so nothing hangs on the line any more.
        session.delete(thread)
        session.flush()


def hide(session: Session, comment_id: int, subject: Subject, *, reason: str, actor: User, now: datetime) -> None:
    """Take a comment out of sight, and tell its author why. Raises InvalidInputError without a reason."""
    reason = reason.strip()
    if not reason or len(reason) > MAX_REASON:
        raise InvalidInputError(_l("Say why in at most 300 characters; its author will read it."), field="reason")
    comment = _lock(session, comment_id)
    _ensure_editor(actor)
    if not comment.is_read:
        raise ConflictError(_l("This comment is out of sight already."))
    comment.hidden_at, comment.hidden_by_id, comment.hidden_reason = now, actor.id, reason
    params = {"comment": comment.id, "title": subject.title, "reason": reason}
    for author in list_people([comment.author_id] if comment.author_id and comment.author_id != actor.id else []):
        notify(session, author, "comment hidden", params, now=now)
    session.flush()


def restore(session: Session, comment_id: int, *, actor: User) -> None:
    """Put a hidden comment back into sight."""
    comment = _lock(session, comment_id)
    _ensure_editor(actor)
    comment.hidden_at, comment.hidden_by_id, comment.hidden_reason = None, None, ""
    session.flush()


def mark_answered(
    session: Session, comment_id: int, subject: Subject, *, is_answered: bool, actor: User, now: datetime
) -> None:
    """Say of a thread that its question is answered, or that it is not."""
    comment = _lock(session, comment_id)
    if comment.thread_id is not None or not can_mark_answered(actor, subject.owner_ids):
        raise ForbiddenError(_l("Whoever looks after the page says which questions are answered."))
    comment.answered_at = now if is_answered else None
    session.flush()


def _ensure_editor(actor: User) -> None:
    if not can_hide(actor):
        raise ForbiddenError(_l("Editors hide and restore comments."))


def _thread(session: Session, subject: Subject, thread_id: int | None) -> Comment | None:
    """The comment that opened the thread. An answer to an answer stays in the thread."""
    if thread_id is None:
        return None
    comment = _lock(session, thread_id)
    if (comment.kind, comment.slug) != subject.ref:
        raise NotFoundError(NO_SUCH_COMMENT)
    return comment if comment.thread_id is None else _lock(session, comment.thread_id)


def _lock(session: Session, comment_id: int) -> Comment:
    """The comment as it is, and as it stays until this transaction ends. Raises NotFoundError."""
    query = select(Comment).where(Comment.id == comment_id).with_for_update(of=Comment)
    comment = session.execute(query.execution_options(populate_existing=True)).scalar_one_or_none()
    if comment is None:
        raise NotFoundError(NO_SUCH_COMMENT)
    return comment


def _has_answers(session: Session, comment_id: int) -> bool:
    return session.execute(select(Comment.id).where(Comment.thread_id == comment_id).limit(1)).first() is not None


def _tell(session: Session, subject: Subject, comment: Comment, *, actor: User, now: datetime) -> None:
    """Tell whoever is mentioned, those in the thread, and whoever answers for the page, once each; never the author."""
    said = plain_text(comment.html)
    params = {
        "comment": comment.id,
        "title": subject.title,
        "actor": actor.name,
        "said": said if len(said) <= TOLD else said[: TOLD - 1].rstrip() + "…",
    }
    mentioned = _tell_mentioned(session, subject, comment, comment.source, old_text="", actor=actor, now=now)
    people = list_people_in(comment.thread_id) if comment.thread_id else []
    told = {actor.id, *(person.id for person in mentioned)}
    for kind, recipients in (("comment answer", people), ("comment", list_people(subject.owner_ids))):
        for person in recipients:
            if person.id not in told:
                told.add(person.id)
                notify(session, person, kind, params, now=now)


def _tell_mentioned(
    session: Session, subject: Subject, comment: Comment, text: str, *, old_text: str, actor: User, now: datetime
) -> list[User]:
    path = f"/comments/{comment.id}"
    return tell_mentioned(
        session, old_text=old_text, new_text=text, actor=actor, about={"title": subject.title, "path": path}, now=now
    )
