"""What those who run a session do with its programme. Each function is one action; the caller opens the transaction.

All of them lock the session first, so that two people who arrange talks at once do it one after the other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.kernel.errors import ConflictError, InvalidInputError, NotFoundError
from app.kernel.markup import render
from app.training.models import TrainingSession
from app.training.rules import State
from app.training.seats.ledger import lock
from app.training.talks.models import Speaker, Talk
from app.training.talks.queries import NO_SUCH_TALK, programme_of
from app.training.talks.rules import MAX_NAME, MAX_TALKS, Timed, address_in, count_without_room, slots_of

# Several abstracts stand on one page, and no two things on a page may have the same id.
_IDS = re.compile(r'(<[a-z][a-z0-9]*\b[^<>]*?) id="[^"<>]*"')


@dataclass(frozen=True, kw_only=True)
class TalkDetails:
    """What is said about a talk. `speakers` as they were typed: `Name <address>` or an address for a member, else the name of a
    guest; an empty one is none.
    """

    title: str
    abstract: str
    language: str
    minutes: int | None
    break_before: int
    story_slug: str | None
    speakers: Sequence[str]


def add_talk(session: Session, training_id: int, details: TalkDetails, *, now: datetime) -> Talk:
    """Put a talk at the end of the programme. Raises InvalidInputError, and ConflictError for a cancelled session."""
    training, talks = _open(session, training_id)
    if len(talks) >= MAX_TALKS:
        raise ConflictError(_l("A programme holds at most 60 talks. Make a second session of it."))
    before = _count_without_room(training, talks)
    talk = Talk(training_id=training_id, position=max((each.position for each in talks), default=0) + 1)
    _write(session, talk, details, talks, now=now)
    session.add(talk)
    _check_room(training, [*talks, talk], before)
    _changed(session, training, now)
    return talk


def change_talk(
    session: Session, training_id: int, talk_id: int, details: TalkDetails, *, revision: int, now: datetime
) -> Talk:
    """Raises ConflictError if somebody else changed the talk since `revision`, else as `add_talk`."""
    training, talks = _open(session, training_id)
    talk = _pick(talks, talk_id)
    if talk.revision != revision:
        raise ConflictError(
            _l(
                "Somebody else changed this talk while you did. Look at what it says now in another window; "
                "saving again replaces it with what stands here."
            )
        )
    before = _count_without_room(training, talks)
    _write(session, talk, details, talks, now=now)
    talk.revision += 1
    _check_room(training, talks, before)
    _changed(session, training, now)
    return talk


def move_talk(session: Session, training_id: int, talk_id: int, *, step: int, from_place: int, now: datetime) -> None:
    """Let a talk change places with the one before (`step` -1) or after it (1). `from_place`, from 1, is where it stood when
    that was decided; nothing happens to one that stands elsewhere by now. Raises ConflictError where it would not fit.
    """
    training, talks = _open(session, training_id)
    place = talks.index(_pick(talks, talk_id))
    other = place + step
    if place + 1 != from_place or not 0 <= other < len(talks):
        return
    before = _count_without_room(training, talks)
    talks[place], talks[other] = talks[other], talks[place]
    for position, talk in enumerate(talks, 1):
        talk.position = position
    if _count_without_room(training, talks) > before:
        raise ConflictError(_l("In that order the talks do not fit into the times at which the session meets."))
    _changed(session, training, now)


def remove_talk(session: Session, training_id: int, talk_id: int, *, now: datetime) -> None:
    """Take a talk off the programme. Nothing happens to one that is gone already."""
    training, talks = _open(session, training_id)
    for talk in talks:
        if talk.id == talk_id:
            session.delete(talk)
            _changed(session, training, now)


def _open(session: Session, training_id: int) -> tuple[TrainingSession, list[Talk]]:
    """The locked session and its talks as they are now. Raises ConflictError where nothing may be changed any more."""
    training = lock(session, training_id)
    if training.state == State.CANCELLED:
        raise ConflictError(_l("This session is cancelled and stays as it is."))
    query = programme_of(training_id).execution_options(populate_existing=True)
    return training, list(session.execute(query).unique().scalars())


def _pick(talks: Sequence[Talk], talk_id: int) -> Talk:
    for talk in talks:
        if talk.id == talk_id:
            return talk
    raise NotFoundError(NO_SUCH_TALK)


def _write(session: Session, talk: Talk, details: TalkDetails, talks: Sequence[Talk], *, now: datetime) -> None:
    if any(other is not talk and other.title == details.title for other in talks):
        raise InvalidInputError(_l("There is a talk of this title on the programme already."), field="title")
    if talk.abstract != details.abstract:
        talk.abstract, talk.abstract_html = details.abstract, _IDS.sub(r"\1", render(details.abstract).html)
    talk.title, talk.language = details.title, details.language
    talk.minutes, talk.break_before = details.minutes, details.break_before
    talk.story_slug, talk.updated_at = details.story_slug, now
    speakers = [_speaker(session, number, typed) for number, typed in enumerate(details.speakers, 1) if typed]
    present = {(speaker.user_id, speaker.guest): speaker for speaker in talk.speakers}
    wanted = {(speaker.user_id, speaker.guest): speaker for speaker in speakers}
    talk.speakers = [present.get(who) or speaker for who, speaker in wanted.items()]
    for position, speaker in enumerate(talk.speakers):
        speaker.position = position


def _speaker(session: Session, number: int, typed: str) -> Speaker:
    """Raises InvalidInputError for the field of the speaker: an address without an open account, a name that is too long."""
    field = f"speaker_{number}"
    address = address_in(typed)
    if address is None:
        if len(typed) > MAX_NAME:
            raise InvalidInputError(_l("Use at most 80 characters."), field=field)
        return Speaker(guest=typed)
    query = select(User.id).where(User.email == address.lower(), User.disabled_at.is_(None))
    user_id = session.execute(query).scalar_one_or_none()
    if user_id is None:
        raise InvalidInputError(
            _l("Nobody has an account with this address. Write the plain name of a guest."), field=field
        )
    return Speaker(user_id=user_id, guest="")


def _check_room(training: TrainingSession, talks: Sequence[Timed], before: int) -> None:
    """Refuse what makes one more talk stand outside of the meetings. A programme that a shortened session has broken already
    can still be put right, talk by talk.
    """
    if _count_without_room(training, talks) > before:
        raise InvalidInputError(
            _l(
                "There is no time left for that: the talks have to lie within the times at which the session meets. Shorten "
                "one, or let the session end later."
            ),
            field="minutes",
        )


def _count_without_room(training: TrainingSession, talks: Sequence[Timed]) -> int:
    return count_without_room(talks, slots_of(talks, training.meetings))


def _changed(session: Session, training: TrainingSession, now: datetime) -> None:
    training.updated_at = now
    session.flush()
