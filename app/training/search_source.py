"""Sessions as search finds them: the published ones, those behind us too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, inspect, select
from sqlalchemy.orm import Session, object_session, undefer_group

from app.accounts.models import User
from app.kernel.db import db
from app.search.sources import Document, Found
from app.training.models import TrainingCoach, TrainingSession
from app.training.queries import CARD, visible_to
from app.training.rules import State
from app.web.dates import request_now, span_words


class TrainingSource:
    kind = "training"
    label = _l("Trainings")

    def watched(self, obj: object) -> Iterable[str]:
        if isinstance(obj, TrainingSession):
            return [str(obj.id)]
        if isinstance(obj, TrainingCoach):
            return [str(obj.training_id)]
        return _run_by(obj) if isinstance(obj, User) and inspect(obj).attrs.name.history.has_changes() else []

    def load(self, session: Session, key: str) -> Document | None:
        training = session.execute(_query().where(TrainingSession.id == int(key))).unique().scalar_one_or_none()
        return _document(training) if training else None

    def load_all(self, session: Session) -> Iterator[Document]:
        return map(_document, session.execute(_query()).unique().scalars())

    def found(self, keys: Sequence[str], reader: Any) -> Mapping[str, Found]:
        query = visible_to(reader).where(TrainingSession.id.in_(map(int, keys))).options(*CARD)
        return {str(training.id): _found(training) for training in db.session.execute(query).unique().scalars()}


def _run_by(user: User) -> list[str]:
    """The sessions of somebody who is called something else from now on."""
    session = object_session(user)
    if session is None or inspect(user).pending:
        return []
    query = select(TrainingCoach.training_id).where(TrainingCoach.user_id == user.id)
    with session.no_autoflush:
        return [str(training_id) for training_id in session.execute(query).scalars()]


def _query() -> Select[TrainingSession]:
    return (
        select(TrainingSession).where(TrainingSession.state == State.PUBLISHED).options(*CARD, undefer_group("texts"))
    )


def _document(training: TrainingSession) -> Document:
    capability = training.capability
    return Document(
        kind=TrainingSource.kind,
        key=str(training.id),
        title=training.title,
        summary=" · ".join([*(coach.name for coach in training.coaches), training.place]).strip(" ·"),
        body=training.description_text,
        tags=list(capability.name.texts.values()) if capability else [],
        languages=[training.language],
        area=capability.area.slug if capability else "",
        capabilities=[capability.slug] if capability else [],
        levels=[training.level] if training.level else [],
    )


def _found(training: TrainingSession) -> Found:
    when = span_words(training.starts_at, training.ends_at)
    if training.ends_at <= request_now():
        when = _("%(when)s (past)", when=when)
    return Found(
        title=training.title,
        url=url_for("training.show", slug=training.slug),
        note=f"{training.kind_name} · {when}",
        language=training.language,
        hue=training.capability.area.hue if training.capability else None,
        level=training.level,
    )
