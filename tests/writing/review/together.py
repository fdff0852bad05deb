"""What several processes do with one letter at once."""

from __future__ import annotations

from contextlib import suppress
from multiprocessing.synchronize import Barrier

from app.accounts.models import User
from app.config import Config
from app.kernel.db import db, transaction
from app.kernel.errors import ConflictError
from app.writing.models import Manuscript
from app.writing.queries import content_of
from app.writing.review.guarding import say_why
from app.writing.review.jobs import remind_people
from app.writing.review.service import Verdict, decide
from app.writing.rules import Step
from app.writing.service import Prepared, take_step
from tests.factories.writing import Letters
from tests.training.crowd import wake
from tests.writing.review.conftest import ALL_GOOD, NOW


def decide_once(config: Config, barrier: Barrier, share: tuple[int, int, str]) -> None:
    """Decide on what was submitted; whoever comes second is told so."""
    letter_id, user_id, step = share
    with wake(config, barrier).app_context():
        kind, manuscript = Letters(), db.session.get_one(Manuscript, letter_id)
        # All of them have read the same version.
        content = content_of(manuscript, 1)
        prepared = Prepared(1, content, kind.render(content))
        with suppress(ConflictError), transaction() as session:
            actor = session.get_one(User, user_id)
            verdict = Verdict(1, Step(step), ALL_GOOD, "Because.")
            decide(session, kind, manuscript, verdict, actor=actor, now=NOW, prepared=prepared)


def submit_once(config: Config, barrier: Barrier, share: tuple[int, int]) -> None:
    letter_id, user_id = share
    with wake(config, barrier).app_context(), transaction() as session:
        manuscript, actor = session.get_one(Manuscript, letter_id), session.get_one(User, user_id)
        take_step(session, Letters(), manuscript, Step.SUBMIT, actor=actor, now=NOW)


def answer_once(config: Config, barrier: Barrier, share: tuple[int, int, str]) -> None:
    letter_id, user_id, because = share
    with wake(config, barrier).app_context(), transaction() as session:
        manuscript, actor = session.get_one(Manuscript, letter_id), session.get_one(User, user_id)
        say_why(session, manuscript, "0" * 32, because, actor=actor, now=NOW)


def remind_once(config: Config, barrier: Barrier, _share: int) -> None:
    with wake(config, barrier).app_context():
        remind_people()
