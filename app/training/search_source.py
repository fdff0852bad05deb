"""Sessions as search finds them: the published ones, those behind us too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, undefer_group

from app.coaches.search_source import PROFILES, people_touched
from app.kernel.db import db
from app.search.sources import Document, Found, Lookup, knows_nothing, usefulness_of
from app.training.models import TrainingCoach, TrainingSession
from app.training.queries import CARD, visible_to
from app.training.rules import State
from app.web.dates import request_now, span_words


class TrainingSource:
    """`stories` tells how many published stories credit a session by its slug; a session is useful by that number. The
    seats that are taken would say more, but change with every sign-up. `programmes` tells what is on the programme of a
    session by its id.
    """

    kind = "training"
    label = _l("Trainings")
    name = _l("Training session")

    def __init__(self, stories: Lookup[str, int] | None = None, programmes: Lookup[int, str] | None = None) -> None:
        self._stories = stories or knows_nothing()
        self._programmes = programmes or knows_nothing()

    def watched(self, obj: object) -> Iterable[str]:
        if isinstance(obj, TrainingSession):
            return [str(obj.id)]
        if isinstance(obj, TrainingCoach):
            return [str(obj.training_id)]
        people, slugs = people_touched(obj), list(self._stories.touched(obj))
        run = _keys_of(select(TrainingCoach.training_id).where(TrainingCoach.user_id.in_(people))) if people else []
        run += map(str, self._programmes.touched(obj))
        return run + (_keys_of(select(TrainingSession.id).where(TrainingSession.slug.in_(slugs))) if slugs else [])

    def load(self, session: Session, key: str) -> Document | None:
        training = session.execute(_query().where(TrainingSession.id == int(key))).unique().scalar_one_or_none()
        if training is None:
            return None
        profiles = PROFILES.of(session, training.coach_ids)
        credits_of, programmes = self._stories.of(session, [training.slug]), self._programmes.of(session, [training.id])
        return _document(training, profiles, credits_of, programmes)

    def load_all(self, session: Session) -> Iterator[Document]:
        profiles, credits_of = PROFILES.of(session, None), self._stories.of(session, None)
        programmes = self._programmes.of(session, None)
        trainings = session.execute(_query()).unique().scalars()
        return (_document(training, profiles, credits_of, programmes) for training in trainings)

    def count(self, session: Session) -> int:
        return session.execute(
            select(func.count()).select_from(TrainingSession).where(TrainingSession.state == State.PUBLISHED)
        ).scalar_one()

    def found(self, keys: Sequence[str], reader: Any) -> Mapping[str, Found]:
        query = visible_to(reader).where(TrainingSession.id.in_(map(int, keys))).options(*CARD)
        return {str(training.id): _found(training) for training in db.session.execute(query).unique().scalars()}


def _keys_of(query: Select[int]) -> list[str]:
    return [str(training_id) for training_id in db.session.execute(query).scalars()]


def _query() -> Select[TrainingSession]:
    return (
        select(TrainingSession).where(TrainingSession.state == State.PUBLISHED).options(*CARD, undefer_group("texts"))
    )


def _document(
    training: TrainingSession, profiles: Mapping[int, str], credits_of: Mapping[str, int], programmes: Mapping[int, str]
) -> Document:
    capability = training.capability
    return Document(
        kind=TrainingSource.kind,
        key=str(training.id),
        title=training.title,
        summary=" · ".join([*(coach.name for coach in training.coaches), training.place]).strip(" ·"),
        body="\n".join(filter(None, [training.description_text, programmes.get(training.id)])),
        keywords=list(capability.name.texts.values()) if capability else [],
        languages=[training.language],
        area=capability.area.slug if capability else "",
        capabilities=[capability.slug] if capability else [],
        levels=[training.level] if training.level else [],
        coaches=[profiles[coach.id] for coach in training.coaches if coach.id in profiles],
        day=training.starts_at.astimezone(ZoneInfo(training.time_zone)).date(),
        usefulness=usefulness_of(credits_of.get(training.slug, 0)),
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
