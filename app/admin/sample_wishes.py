"""The sample wishes, with votes of two teams."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.admin.sample_dates import Calendar, Data
from app.training.wishes.models import Wish
from app.training.wishes.rules import plain_title
from app.training.wishes.service import Asked, close, make_wish, vote


def load_wishes(
    session: Session, data: Data, people: Mapping[str, User], capabilities: Mapping[str, int], calendar: Calendar
) -> dict[str, Wish]:
    """Bring in the wishes that are not there yet. Returns the new ones by their slugs in the file."""
    known = set(session.execute(select(Wish.normal).where(Wish.is_sample)).scalars())
    made = {}
    for item in data["wishes"]:
        if plain_title(item["title"]) in known:
            continue
        at = calendar.now - timedelta(days=item["days_ago"])
        asked = Asked(
            title=item["title"],
            why=item["why"],
            capability_id=capabilities.get(item["capability"]),
            level=item["level"],
            language=item["language"],
        )
        wish, is_new = make_wish(session, asked, actor=people[item["by"]], now=at, is_sample=True)
        for email in item["votes"]:
            vote(session, wish.id, actor=people[email], now=at)
        if "closed" in item:
            closing = item["closed"]
            close(session, wish.id, reason=closing["reason"], actor=people[closing["by"]], now=at + timedelta(days=2))
        if is_new:
            made[item["slug"]] = wish
    return made


def remove_wishes(session: Session) -> int:
    """Take out every sample wish with its votes. Returns how many."""
    found = session.execute(select(Wish).where(Wish.is_sample)).unique().scalars().all()
    for wish in found:
        session.delete(wish)
    session.flush()
    return len(found)
