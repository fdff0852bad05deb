"""Keeping a coach's profile."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts.models import User
from app.coaches.models import Coach, CoachLanguage, CoachSkill
from app.community.follows.rules import Event
from app.community.follows.service import tell_followers
from app.kernel.markup import render
from app.kernel.slugs import unique_slug


def save_profile(
    session: Session,
    user: User,
    coach: Coach | None,
    *,
    headline: str,
    bio: str,
    site: str,
    is_taking_requests: bool,
    languages: Collection[str],
    skills: Mapping[int, int],
    now: datetime,
) -> Coach:
    """Create or change the profile. `skills` is {capability id: level}. Raises InvalidInputError for an endless bio."""
    has_room_again = coach is not None and is_taking_requests and not coach.is_taking_requests
    if coach is None:
        coach = Coach(user_id=user.id, slug=unique_slug(user.name, "coach"), skills=[], language_rows=[])
        session.add(coach)
    coach.headline, coach.bio, coach.bio_html = headline, bio, render(bio).html
    coach.site, coach.is_taking_requests, coach.updated_at = site, is_taking_requests, now
    spoken = {row.language: row for row in coach.language_rows}
    coach.language_rows = [
        spoken.get(language) or CoachLanguage(language=language) for language in dict.fromkeys(languages)
    ]
    known = {skill.capability_id: skill for skill in coach.skills}
    coach.skills = [known.get(capability_id) or CoachSkill(capability_id=capability_id) for capability_id in skills]
    for skill in coach.skills:
        skill.level = skills[skill.capability_id]
    session.flush()
    if has_room_again:
        ref = ("coach", coach.slug)
        tell_followers(session, [ref], Event.COACH, ref, actor=user, now=now)
    return coach
