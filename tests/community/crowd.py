"""What several processes do at once. They know the application by its configuration alone."""

from __future__ import annotations

from datetime import date
from multiprocessing.synchronize import Barrier

from app.accounts.models import User
from app.community.comments import service as comments
from app.community.helpful import service as helpful
from app.community.shelves import service as shelves
from app.community.shelves.rules import Sight
from app.community.subjects import Ref, Subject
from app.config import Config
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.practices.adoption import service as adoption
from app.practices.adoption.rules import Stage
from tests.training.crowd import wake

SUBJECT = Subject("practice", "short-branches", "Short branches", "/practices/short-branches")
TIMES = 5


def press_everything(config: Config, barrier: Barrier, share: tuple[int, int]) -> None:
    """This person does everything that can be done once, several times over."""
    user_id, team_id = share
    app = wake(config, barrier)
    with app.app_context():
        words = comments.words_of("Once.")
    said = adoption.Said(stage=Stage.USING, since=date(2026, 1, 1))
    details = shelves.Details(title="Mine", about="", language="en", sight=Sight.PRIVATE, team_id=None)
    for _time in range(TIMES):
        with app.app_context(), transaction() as session:
            actor = session.get_one(User, user_id)
            comments.write(session, SUBJECT, words, form_key="1", actor=actor, now=utc_now())
        with app.app_context(), transaction() as session:
            actor = session.get_one(User, user_id)
            helpful.answer(session, SUBJECT.ref, is_helpful=True, actor=actor, now=utc_now())
        with app.app_context(), transaction() as session:
            actor = session.get_one(User, user_id)
            shelves.keep(session, SUBJECT.ref, actor=actor, now=utc_now())
            shelves.tick(session, Ref("practice", "short-branches"), actor=actor, now=utc_now())
            collection = shelves.create(session, details, actor=actor, now=utc_now())
            shelves.add(session, collection.slug, SUBJECT, actor=actor, now=utc_now())
        with app.app_context(), transaction() as session:
            actor = session.get_one(User, user_id)
            today = utc_now().date()
            adoption.say(session, "short-branches", team_id, said, actor=actor, today=today, now=utc_now())
