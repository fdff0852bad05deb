"""The desk is alive on the first day: a draft, a review that is under way, and one whose author is to write on."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.accounts.models import User
from app.accounts.rules import Role
from app.admin.content import sync
from app.jobs.models import Mail
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from app.notifications.models import Notice
from app.practices.models import Practice
from app.writing.kinds import get_kind
from app.writing.models import Assignment, Manuscript
from app.writing.preparing import prepare
from app.writing.queries import content_of
from app.writing.review.models import Remark
from app.writing.review.policy import Side
from app.writing.review.reading import place_notes, read_parts
from app.writing.review.rules import Criterion, Mark
from app.writing.review.service import Verdict, decide
from app.writing.rules import Step
from tests.admin.test_samples import contents, samples
from tests.factories.people import make_user


def _samples() -> list[Manuscript]:
    query = select(Manuscript).where(Manuscript.is_sample).order_by(Manuscript.id)
    return list(db.session.execute(query).unique().scalars())


@pytest.mark.slow
def test_every_state_of_the_way_is_there_and_nobody_real_is_asked(app: Flask, folder: Path) -> None:
    sync(folder)
    make_user("A real editor", Role.EDITOR)
    samples(app, "load")
    samples(app, "load")
    assert [(each.kind, each.state) for each in _samples()] == [
        ("case-study", "draft"),
        ("practice", "submitted"),
        ("case-study", "changes_requested"),
    ]
    asked = select(User.is_sample).join(Assignment, Assignment.user_id == User.id)
    assert db.session.execute(asked).scalars().all() == [True, True]
    told = select(func.count()).select_from(Notice).join(User, User.id == Notice.user_id).where(~User.is_sample)
    assert db.session.execute(told).scalar_one() == 0


@pytest.mark.slow
def test_each_remark_is_on_its_passage(app: Flask, folder: Path) -> None:
    sync(folder)
    samples(app, "load")
    placed = {}
    for manuscript in _samples():
        with app.test_request_context():
            parts = read_parts(get_kind(manuscript.kind), content_of(manuscript))
        query = select(Remark).where(Remark.manuscript_id == manuscript.id).order_by(Remark.id)
        remarks = db.session.execute(query).unique().scalars().all()
        assert place_notes(parts, remarks, Side.WRITING) == []
        notes = [note for part in parts for note in part.notes]
        placed[manuscript.slug] = [(note.is_placed, len(note.entries)) for note in notes]
    assert placed == {
        "sample-weekly-release-interview": [],
        "sample-runbook-reader": [(True, 1), (True, 2)],
        "sample-reconciliation-in-minutes": [(True, 1)],
    }


@pytest.mark.slow
def test_what_somebody_published_of_them_goes_with_them(app: Flask, folder: Path) -> None:
    sync(folder)
    make_user("A real editor", Role.EDITOR)
    before = contents()
    samples(app, "load")
    manuscript = next(each for each in _samples() if each.kind == "practice")
    kind, marks = get_kind("practice"), {Criterion.SENSITIVE: Mark.GOOD}
    with app.test_request_context():
        prepared = prepare(kind, manuscript, manuscript.latest_number)
        with transaction() as session:
            editor = session.execute(select(User).where(User.name == "A real editor")).unique().scalar_one()
            verdict = Verdict(manuscript.submitted_number or 0, Step.ACCEPT, marks, "")
            decide(session, kind, manuscript, verdict, actor=editor, now=utc_now(), prepared=prepared)
    assert db.session.execute(select(Practice.id).where(Practice.slug == manuscript.slug)).first() is not None
    samples(app, "remove")
    assert contents() == before
    assert db.session.execute(select(Mail.id)).first() is None
