"""Talks are found with their session: by what they are called and who gives them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from app.accounts.models import User
from app.kernel.db import db
from app.search.sources import Lookup, has_changed, is_new
from app.training.models import TrainingSession
from app.training.talks.models import Speaker, Talk
from app.training.talks.rules import WITH_PROGRAMME


def _texts(session: Session, training_ids: Collection[int] | None) -> Mapping[int, str]:
    """{session id: a line for each talk}, of the sessions that show a programme."""
    query = (
        select(Talk)
        .join(TrainingSession, TrainingSession.id == Talk.training_id)
        .where(TrainingSession.kind.in_(WITH_PROGRAMME))
        .options(selectinload(Talk.speakers).joinedload(Speaker.user))
        .order_by(Talk.position, Talk.id)
    )
    if training_ids is not None:
        query = query.where(Talk.training_id.in_(training_ids))
    lines: dict[int, list[str]] = {}
    for talk in session.execute(query).unique().scalars():
        names = ", ".join(speaker.name for speaker in talk.speakers)
        lines.setdefault(talk.training_id, []).append(f"{talk.title} · {names}" if names else talk.title)
    return {training_id: "\n".join(of) for training_id, of in lines.items()}


def _touched(row: object) -> Iterable[int]:
    if isinstance(row, Talk):
        return [row.training_id]
    if isinstance(row, Speaker):
        return _ids(select(Talk.training_id).where(Talk.id == row.talk_id))
    if isinstance(row, User) and has_changed(row, "name") and not is_new(row):
        return _ids(select(Talk.training_id).join(Talk.speakers).where(Speaker.user_id == row.id))
    return ()


def _ids(query: Select[int]) -> list[int]:
    return list(db.session.execute(query.distinct()).scalars())


PROGRAMMES: Lookup[int, str] = Lookup(of=_texts, touched=_touched)
