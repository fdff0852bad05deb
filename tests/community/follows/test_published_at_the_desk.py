"""What is written on the site is told to followers when an editor accepts it: not to who wrote it, nor to who accepted it."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import User
from app.accounts.rules import Role
from app.community.follows.service import follow
from app.community.follows.telling import tell_waiting
from app.community.subjects import Ref
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from app.notifications.models import Notice
from app.practices.kind import PracticeKind
from app.writing.models import Manuscript
from app.writing.preparing import prepare
from app.writing.rules import Step
from app.writing.service import take_step
from tests.factories.frameworks import make_framework
from tests.factories.people import make_user
from tests.factories.practices import PARTS

KIND = PracticeKind()
CAPABILITY = Ref("capability", "continuous-delivery.version-control")
PRACTICE = Ref("practice", "short-lived-branches")


def publish(manuscript_id: int, author: User, editor: User) -> None:
    manuscript = db.session.get_one(Manuscript, manuscript_id)
    ready = prepare(KIND, manuscript, manuscript.latest_number)
    for step, actor in ((Step.SUBMIT, author), (Step.ACCEPT, editor)):
        with transaction() as session:
            take_step(session, KIND, manuscript, step, actor=actor, now=utc_now(), prepared=ready)


def told(kind: str) -> list[int]:
    db.session.rollback()
    return sorted(db.session.scalars(select(Notice.user_id).where(Notice.kind == kind)).all())


def test_followers_hear_of_a_new_practice_and_then_of_its_changes(
    app: Flask, log_in: Callable[[User], FlaskClient]
) -> None:
    make_framework()
    ada, edda = make_user("Ada Author"), make_user("Edda Editor", Role.EDITOR)
    yue, chen = make_user("Lin Yue"), make_user("Chen Xiao")
    with transaction() as session:
        for person in (ada, edda, yue):
            follow(session, person.id, CAPABILITY, now=utc_now())
    typed = {
        "title": "Short-lived branches",
        "summary": "Merge each day.",
        "body": PARTS["en"],
        "capability": "version-control",
        "level": "3",
        "tags": "git",
        "time": "An hour",
        "difficulty": "easy",
        "participants": "Developers",
        "language": "en",
        "slug": "",
        "key": "k" * 20,
    }
    log_in(ada).post("/practices/new", data=typed)
    manuscript_id = db.session.scalars(select(Manuscript.id)).one()
    assert (tell_waiting(), told("followed practice published")) == (0, []), "a draft is no news"

    publish(manuscript_id, ada, edda)
    assert (tell_waiting(), told("followed practice published")) == (1, [yue.id])

    with transaction() as session:
        for person in (ada, edda, chen):
            follow(session, person.id, PRACTICE, now=utc_now())
    manuscript = db.session.get_one(Manuscript, manuscript_id)
    again = {**typed, "body": PARTS["en"] + "\nMore.", "base": str(manuscript.latest_number)}
    answer = log_in(ada).post("/practices/short-lived-branches/edit?lang=en", data=again)
    assert answer.status_code == 303, answer.text[:500]
    publish(manuscript_id, ada, edda)
    assert (tell_waiting(), told("followed practice changed")) == (1, [chen.id])
