"""What several people of a team do with its plan at once, each in a process of their own."""

from __future__ import annotations

from datetime import UTC, date, datetime
from multiprocessing.synchronize import Barrier
from typing import Any

from app.accounts.models import User
from app.config import Config
from app.improvement.plans import service
from app.improvement.plans.jobs import remind_people
from app.improvement.plans.models import PlanItem
from app.improvement.plans.rules import ItemKind
from app.improvement.plans.service import Draft, ItemChangedError, Outline, Words
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from tests.training.crowd import wake

TODAY = date(2026, 11, 16)
TIMES = 4


def work(config: Config, barrier: Barrier, share: tuple[int, int, int]) -> None:
    """Begin the plan, put the same thing in, and something of one's own; all of it several times over."""
    team_id, framework_id, user_id = share
    app = wake(config, barrier)
    outline = Outline(title="One plan", review_on=None)
    for time in range(TIMES):
        with app.app_context(), transaction() as session:
            now = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
            ids: dict[str, Any] = {"team_id": team_id, "framework_id": framework_id, "baseline_id": None}
            plan_id = service.begin(session, **ids, outline=outline, today=TODAY, now=now).id
        for key in ("practice:trunk:version-control", f"own:{user_id}:{time}"):
            draft = Draft(key=key, kind=ItemKind.OWN, words=Words(what=key))
            with app.app_context(), transaction() as session:
                actor = session.get_one(User, user_id)
                service.add_item(session, plan_id, draft, actor=actor, now=utc_now())


def edit(config: Config, barrier: Barrier, share: tuple[int, int]) -> None:
    """Add a word to an item, each time to what it says then; begin again where somebody else was quicker."""
    item_id, user_id = share
    app = wake(config, barrier)
    for time in range(TIMES):
        while True:
            with app.app_context():
                with transaction() as session:
                    item = session.get_one(PlanItem, item_id)
                    what, revision = item.what, item.revision
                try:
                    with transaction() as session:
                        actor, words = session.get_one(User, user_id), Words(what=f"{what} {user_id}.{time}")
                        service.change_item(session, item_id, words, revision=revision, actor=actor)
                    break
                except ItemChangedError:
                    continue


def nudge(config: Config, barrier: Barrier, _share: int) -> None:
    app = wake(config, barrier)
    for _time in range(TIMES):
        with app.app_context():
            remind_people()
