"""What several people do at once to one assessment, each in a process of its own."""

from __future__ import annotations

import random
from contextlib import suppress
from multiprocessing.synchronize import Barrier

from sqlalchemy import select

from app.accounts.models import Team, User
from app.capabilities.models import Framework
from app.config import Config
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.kernel.errors import ConflictError
from app.maturity.assessing import service
from app.maturity.assessing.answering import AnswerConflictError, answer_for
from app.maturity.assessing.rules import Said
from app.maturity.models import Answer, Assessment
from app.maturity.rules import Step
from app.maturity.service import lock, take_step
from tests.factories.assessments import EVERYWHERE
from tests.training.crowd import wake

TIMES = 25


def note_down(config: Config, barrier: Barrier, share: tuple[int, int, str]) -> None:
    """Add a line of this person's to the note of one capability, over and over, looking again after each conflict."""
    assessment_id, user_id, capability = share
    app = wake(config, barrier)
    for number in range(TIMES):
        is_done = False
        while not is_done:
            with app.app_context(), suppress(AnswerConflictError), transaction() as session:
                actor = session.get_one(User, user_id)
                # Looked at without the lock, as a page does.
                row = session.execute(
                    select(Answer.note, Answer.revision).where(
                        Answer.assessment_id == assessment_id, Answer.capability == capability
                    )
                ).one_or_none()
                note, base = (row.note, row.revision) if row else ("", 0)
                said = Said(2, note=f"{note}\n{user_id} {number}".strip())
                answer_for(session, assessment_id, capability, said, base=base, actor=actor, now=utc_now())
                is_done = True


def note_down_late(config: Config, barrier: Barrier, share: tuple[int, int, str]) -> None:
    """The same, having looked in an earlier transaction: between looking and saving others come by."""
    assessment_id, user_id, capability = share
    app = wake(config, barrier)
    for number in range(TIMES):
        is_done = False
        while not is_done:
            with app.app_context():
                with transaction() as session:
                    row = session.execute(
                        select(Answer.note, Answer.revision).where(
                            Answer.assessment_id == assessment_id, Answer.capability == capability
                        )
                    ).one_or_none()
                note, base = (row.note, row.revision) if row else ("", 0)
                with suppress(AnswerConflictError), transaction() as session:
                    actor = session.get_one(User, user_id)
                    said = Said(2, note=f"{note}\n{user_id} {number}".strip())
                    answer_for(session, assessment_id, capability, said, base=base, actor=actor, now=utc_now())
                    is_done = True


def begin_each(config: Config, barrier: Barrier, share: tuple[int, int, int]) -> None:
    team_id, framework_id, user_id = share
    app = wake(config, barrier)
    with app.app_context(), transaction() as session:
        team, framework = session.get_one(Team, team_id), session.get_one(Framework, framework_id)
        actor = session.get_one(User, user_id)
        service.start(session, team, framework, title="At once", actor=actor, now=utc_now())


def meddle(config: Config, barrier: Barrier, share: tuple[int, int, int, int]) -> None:
    """Answer, submit, take back and, as a coach, take on and return, at random."""
    assessment_id, user_id, coach_id, seed = share
    dice = random.Random(seed)
    app = wake(config, barrier)
    for _time in range(40):
        what = dice.choice(["answer", "answer", "answer", "submit", "back", "on", "return", "reply"])
        with app.app_context(), suppress(ConflictError), transaction() as session:
            actor = session.get_one(User, coach_id if what in {"on", "return"} else user_id)
            now = utc_now()
            if what == "answer":
                capability = dice.choice(list(EVERYWHERE))
                said, base = Said(dice.randint(1, 5)), session.get_one(Assessment, assessment_id).revision
                answer_for(session, assessment_id, capability, said, base=base, actor=actor, now=now)
            elif what == "submit":
                service.submit(session, assessment_id, actor=actor, now=now)
            elif what == "reply":
                service.reply(session, assessment_id, actor=actor, now=now)
            elif what == "back":
                service.take_back(session, assessment_id, actor=actor, now=now)
            else:
                step = Step.TAKE_ON if what == "on" else Step.RETURN
                take_step(session, _with_right(lock(session, assessment_id), actor, step), step, actor=actor, now=now)


def _with_right(assessment: Assessment, actor: User, step: Step) -> Assessment:
    """Whoever has nothing in hand returns nothing."""
    if step is Step.RETURN and assessment.verifier_id != actor.id:
        raise ConflictError("not in hand")
    if step is Step.TAKE_ON and assessment.state != "submitted":
        raise ConflictError("nothing waits")
    return assessment
