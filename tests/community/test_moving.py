"""What is said of a text goes with it to another address, and nothing is said twice there."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from app.community.comments.models import Comment
from app.community.helpful.models import HelpfulAnswer
from app.community.shelves.models import Bookmark, CollectionEntry, ReadTick
from app.community.shelves.rules import Sight
from app.kernel.db import db, transaction
from app.practices.adoption.models import Adoption
from app.writing.keeping.moving import move_references
from tests.community.test_collections import make_collection
from tests.factories.people import make_team, make_user

NOW = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)


@pytest.mark.both_databases
def test_everything_goes_along_and_what_was_there_stays(app: Flask) -> None:
    uma, ada = make_user("Uma"), make_user("Ada")
    team, other = make_team("Payments"), make_team("Other")
    make_collection(uma, "old", "new", sight=Sight.PRIVATE)
    make_collection(ada, "old", sight=Sight.PRIVATE)
    at = {"kind": "practice", "at": NOW}
    with transaction() as session:
        for user, slugs in ((uma, ("old", "new")), (ada, ("old",))):
            for slug in slugs:
                session.add(Bookmark(user_id=user.id, slug=slug, **at))
                session.add(ReadTick(user_id=user.id, slug=slug, **at))
                session.add(HelpfulAnswer(user_id=user.id, slug=slug, is_helpful=slug == "new", **at))
        session.add(Bookmark(user_id=uma.id, kind="case-study", slug="old", at=NOW))
        session.add(Comment(author_id=uma.id, slug="old", key="1", language="en", source="x", html="x", **at))
        for team_id, slug in ((team.id, "old"), (team.id, "new"), (other.id, "old")):
            session.add(
                Adoption(practice_slug=slug, team_id=team_id, stage="using", since=date(2026, 1, 1), confirmed_at=NOW)
            )
    with transaction() as session:
        move_references(session, "practice", "old", "new")
    rows = {
        row.__tablename__: sorted(db.session.execute(select(row.kind, row.slug)).all())
        for row in (Bookmark, ReadTick, HelpfulAnswer, Comment, CollectionEntry)
    }
    twice, once = [("practice", "new")] * 2, [("practice", "new")]
    assert rows == {
        "bookmark": [("case-study", "old"), *twice],
        "read_tick": twice,
        "helpful_answer": twice,
        "comment": once,
        "collection_entry": twice,
    }
    assert db.session.get_one(HelpfulAnswer, ("practice", "new", uma.id)).is_helpful
    assert sorted(db.session.execute(select(Adoption.practice_slug, Adoption.team_id)).all()) == [
        ("new", team.id),
        ("new", other.id),
    ]
