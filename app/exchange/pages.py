"""Pages as Markdown, for people who read in a terminal and for programs that read at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import yaml

from app.capabilities.models import Capability, Framework
from app.coaches.models import Coach
from app.exchange.entries import address
from app.training.courses.models import Course
from app.training.models import TrainingSession


def session(training: TrainingSession) -> str:
    """A training session: when, where and with whom, then its text."""
    capability = training.capability
    fields = {
        "title": training.title,
        "url": address("training.show", slug=training.slug),
        "kind": str(training.kind_name),
        "state": training.state,
        "meetings": [
            f"{meeting.starts_at:%Y-%m-%dT%H:%MZ}/{meeting.ends_at:%Y-%m-%dT%H:%MZ}" for meeting in training.meetings
        ],
        "time_zone": training.time_zone,
        "place": training.place,
        "language": training.language,
        "coaches": [coach.name for coach in training.coaches],
        "capability": capability.slug if capability else None,
        "level": training.level,
        "seats": training.capacity,
    }
    return document(fields, training.description)


def course(thing: Course) -> str:
    """A course: what it teaches and what comes before it, then its text."""
    capability = thing.capability
    fields = {
        "title": thing.title,
        "url": address("courses.show", slug=thing.slug),
        "summary": thing.summary,
        "language": thing.language,
        "coaches": [row.user.name for row in thing.coach_rows],
        "capability": capability.slug if capability else None,
        "level": thing.level,
        "practices": [row.slug for row in thing.practice_rows],
    }
    return document(fields, thing.description)


def coach(profile: Coach, language: str) -> str:
    """A coach's profile."""
    fields = {
        "title": profile.user.name,
        "url": address("coaches.show", slug=profile.slug),
        "headline": profile.headline,
        "site": profile.site,
        "languages": profile.languages,
        "takes_requests": profile.is_taking_requests,
        "teaches": [f"{skill.capability.name.in_(language)} (level {skill.level})" for skill in profile.skills],
    }
    return document(fields, profile.bio)


def capability(thing: Capability, language: str, linked: Mapping[str, Sequence[tuple[str, str]]]) -> str:
    """A capability with its levels, and what hangs on it: `linked` are (title, address) under a heading."""
    fields = {
        "title": thing.name.in_(language),
        "url": address("capabilities.show", framework=thing.framework.slug, slug=thing.slug),
        "framework": thing.framework.name.in_(language),
        "area": thing.area.name.in_(language),
    }
    levels = "\n".join(f"{level.number}. {level.description.in_(language)}" for level in thing.levels)
    parts = [
        thing.summary.in_(language),
        levels,
        *(f"## {title}\n\n{links(items)}" for title, items in linked.items() if items),
    ]
    return document(fields, "\n\n".join(part for part in parts if part))


def framework(thing: Framework, language: str) -> str:
    """A framework as a list of its areas and capabilities."""
    areas = (
        f"## {area.name.in_(language)}\n\n{links((each.name.in_(language), address('exchange.capability', framework=thing.slug, slug=each.slug)) for each in area.capabilities)}"
        for area in thing.areas
    )
    fields = {"title": thing.name.in_(language), "url": address("capabilities.framework", framework=thing.slug)}
    return document(fields, "\n\n".join([thing.summary.in_(language), *areas]))


def links(items: Iterable[tuple[str, str]]) -> str:
    """A list of links."""
    return "\n".join(f"- [{_plain(title)}]({url})" for title, url in items)


def _plain(title: str) -> str:
    """A title that cannot end its link."""
    return title.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")


def document(fields: Mapping[str, Any], body: str) -> str:
    """Front matter and text. Empty fields are left out."""
    given = {name: value for name, value in fields.items() if value not in (None, "", [])}
    front = yaml.safe_dump(given, allow_unicode=True, sort_keys=False, width=120)
    return f"---\n{front}---\n\n{body.strip()}\n"
