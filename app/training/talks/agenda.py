"""A programme as pages show it: what is when, and the posters of the case studies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.kernel.clock import zone
from app.training.models import TrainingSession
from app.training.queries import profile_slugs
from app.training.talks.models import Talk
from app.training.talks.queries import list_talks
from app.training.talks.rules import Slot, slots_of
from app.training.talks.stories import Story, list_stories


@dataclass(frozen=True)
class Item:
    """Something on the programme: `slot` is None for a poster, and for a talk there is no time for. `pause_from` is when the
    break before it begins, where there is one between it and another talk.
    """

    talk: Talk
    slot: Slot | None
    pause_from: datetime | None
    story: Story | None

    @property
    def anchor(self) -> str:
        return f"talk-{self.talk.id}"


@dataclass(frozen=True)
class Agenda:
    """`profiles` are the slugs of the speakers' profiles as coaches, by account; `has_days`: the talks are on several days."""

    talks: Sequence[Item]
    posters: Sequence[Item]
    profiles: Mapping[int, str]
    has_days: bool

    @property
    def shown(self) -> list[Item]:
        """Whatever shows a case study, each case study once."""
        by_story = {item.story.slug: item for item in reversed([*self.talks, *self.posters]) if item.story}
        return list(reversed(by_story.values()))


def items_of(training: TrainingSession) -> list[Item]:
    """Everything on the programme in its order. Two queries, and one for the case studies."""
    talks = list_talks(training.id)
    stories = {story.slug: story for story in list_stories({talk.story_slug for talk in talks if talk.story_slug})}
    slots = slots_of(talks, training.meetings)
    items: list[Item] = []
    ends_at: datetime | None = None
    for talk, slot in zip(talks, slots, strict=True):
        follows = slot and ends_at and slot.starts_at - ends_at == timedelta(minutes=talk.break_before)
        pause_from = ends_at if follows and talk.break_before else None
        items.append(Item(talk, slot, pause_from, stories.get(talk.story_slug or "")))
        ends_at = slot.ends_at if slot else ends_at
    return items


def agenda_of(training: TrainingSession) -> Agenda | None:
    """None where nothing is on the programme yet."""
    items = items_of(training)
    if not items:
        return None
    speakers = {speaker.user_id for item in items for speaker in item.talk.speakers if speaker.user_id is not None}
    there = zone(training.time_zone)
    return Agenda(
        talks=[item for item in items if item.talk.minutes is not None],
        posters=[item for item in items if item.talk.minutes is None],
        profiles=profile_slugs(speakers) if speakers else {},
        has_days=len({item.slot.starts_at.astimezone(there).date() for item in items if item.slot}) > 1,
    )
