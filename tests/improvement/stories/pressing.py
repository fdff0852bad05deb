"""What several processes do at once: begin the story of the same two snapshots."""

from __future__ import annotations

from multiprocessing.synchronize import Barrier

from app.accounts.models import User
from app.case_studies.rules import Story
from app.config import Config
from app.improvement.stories.service import begin_story
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from tests.training.crowd import wake


def press_start(config: Config, barrier: Barrier, share: tuple[int, str, int, int]) -> None:
    user_id, team, before_id, after_id = share
    app = wake(config, barrier)
    for _time in range(3):
        with app.app_context(), transaction() as session:
            actor = session.get_one(User, user_id)
            story = Story(title="How we rose", language="en", team=team)
            begin_story(session, story, before_id, after_id, actor=actor, now=utc_now())
