"""Several processes at once and processes that die: one text of one form, no version lost, all or nothing."""

from __future__ import annotations

from multiprocessing.synchronize import Barrier

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from app.accounts.models import User
from app.config import Config
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from app.practices.content import blank
from app.practices.desk_views import desk_for
from app.writing.desk.models import Unsaved
from app.writing.desk.service import Sheet, keep_unsaved
from app.writing.desk.storing import store, store_new
from app.writing.models import Manuscript, Version
from app.writing.queries import content_of, get_manuscript
from tests.factories.people import make_user
from tests.training.crowd import run_together, wake
from tests.training.test_kill import act_and_die_in_job, everything

pytestmark = [pytest.mark.race, pytest.mark.both_databases]
KEY = "k" * 20
PARAGRAPHS = 5


def text(changed: int | None = None) -> str:
    return "\n\n".join(
        f"Paragraph {number} {'has changed' if number == changed else 'is here'}." for number in range(PARAGRAPHS)
    )


def begin_new(session: Session, user_id: int) -> None:
    desk = desk_for("en")
    form = desk.make_form(blank(), MultiDict({"title": "On branches", "body": text(), "language": "en", "key": KEY}))
    sheet = Sheet("practice", "/practices/new", key=KEY)
    store_new(session, desk, form, sheet, actor=session.get_one(User, user_id), now=utc_now())


def change(session: Session, user_id: int, manuscript_id: int, number: int) -> None:
    actor = session.get_one(User, user_id)
    manuscript = get_manuscript(manuscript_id, actor)
    desk = desk_for("en", manuscript)
    form = desk.make_form(blank(), MultiDict({"title": "On branches", "body": text(number), "base": "1"}))
    sheet = Sheet("practice", "/practices/on-branches/edit", manuscript_id=manuscript_id)
    store(session, desk, form, sheet, manuscript, actor=actor, now=utc_now())


def begin_together(config: Config, barrier: Barrier, user_id: int) -> None:
    with wake(config, barrier).test_request_context(), transaction() as session:
        begin_new(session, user_id)


def change_together(config: Config, barrier: Barrier, share: tuple[int, int, int]) -> None:
    with wake(config, barrier).test_request_context(), transaction() as session:
        change(session, *share)


def keep_together(config: Config, barrier: Barrier, share: tuple[int, int]) -> None:
    user_id, number = share
    sheet = Sheet("practice", "/practices/new", key=KEY)
    app = wake(config, barrier)
    for _ in range(5):
        with app.app_context(), transaction() as session:
            typed = {"body": [str(number)]}
            keep_unsaved(session, sheet, typed, user_id=user_id, title="", base=1, now=utc_now())


def release() -> None:
    db.session.remove()
    db.engine.dispose()


def test_one_form_sent_by_four_at_once_makes_one_text(app: Flask, config: Config) -> None:
    user_id = make_user("Ada").id
    release()
    run_together(config, begin_together, [user_id] * 4)
    assert len(db.session.execute(select(Manuscript.id)).all()) == 1
    assert len(db.session.execute(select(Version.id)).all()) == 1


def test_what_five_save_at_once_is_all_there(app: Flask, config: Config) -> None:
    user_id = make_user("Ada").id
    with app.test_request_context(), transaction() as session:
        begin_new(session, user_id)
    manuscript_id = db.session.execute(select(Manuscript.id)).scalar_one()
    release()
    run_together(config, change_together, [(user_id, manuscript_id, number) for number in range(PARAGRAPHS)])
    manuscript = db.session.get_one(Manuscript, manuscript_id)
    assert manuscript.latest_number == 1 + PARAGRAPHS
    assert content_of(manuscript)["body"] == "\n\n".join(
        f"Paragraph {number} has changed." for number in range(PARAGRAPHS)
    )


def test_words_kept_at_once_are_kept_once(app: Flask, config: Config) -> None:
    user_id = make_user("Ada").id
    release()
    run_together(config, keep_together, [(user_id, number) for number in range(4)])
    assert len(db.session.execute(select(Unsaved.id)).all()) == 1


def test_a_process_killed_while_saving_leaves_all_or_nothing(app: Flask, clock: object) -> None:
    """And what was kept while typing is there until the save is."""
    user_id = make_user("Ada").id
    with app.test_request_context(), transaction() as session:
        begin_new(session, user_id)
    manuscript_id = db.session.execute(select(Manuscript.id)).scalar_one()
    sheet = Sheet("practice", "/x", manuscript_id=manuscript_id)
    with transaction() as session:
        keep_unsaved(session, sheet, {"body": ["x"]}, user_id=user_id, title="", base=1, now=utc_now())
    before = everything()

    def run() -> None:
        with app.test_request_context(), transaction() as session:
            change(session, user_id, manuscript_id, 3)

    number = 1
    while act_and_die_in_job(run, number):
        assert everything() == before, f"killed at statement {number}"
        number += 1
    assert number > 5
    after = everything()
    assert (len(after["version"]), len(after["autosave"])) == (2, 0)
