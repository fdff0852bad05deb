"""What sample people said is taken out with them; where real people answered, a line stays."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import User
from app.admin.content import sync
from app.community.comments import service
from app.community.comments.models import Comment
from app.community.subjects import Ref, get_subject
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from app.practices.adoption.models import Adoption
from tests.factories.people import make_user


def samples(app: Flask, word: str) -> None:
    assert app.test_cli_runner().invoke(args=["samples", word]).exit_code == 0
    db.session.rollback()


@pytest.mark.slow
def test_a_line_stays_where_real_people_have_answered(app: Flask, folder: Path, client: FlaskClient) -> None:
    sync(folder)
    samples(app, "load")
    page = client.get("/practices/merge-queue").text
    assert ("2 teams use this" in page, "4 comments" in page) == (True, True)
    assert "5 of 6 found this helpful" in page
    thread = db.session.execute(select(Comment).where(Comment.answered_at.is_not(None))).scalar_one()
    thread_id, real_id = thread.id, make_user("A real person").id
    with app.test_request_context(), transaction() as session:
        real = session.get_one(User, real_id)
        subject = get_subject(Ref("practice", "merge-queue"), real, "en")
        words = service.words_of("With us, too.")
        service.write(session, subject, words, thread_id=thread_id, form_key="", actor=real, now=utc_now())
    samples(app, "remove")
    left = db.session.execute(select(Comment).order_by(Comment.id)).scalars().all()
    assert [(row.source, row.author_id) for row in left] == [("", None), ("With us, too.", real_id)]
    assert "Removed by its author." in client.get("/practices/merge-queue").text
    assert db.session.execute(select(Adoption)).scalars().all() == []
