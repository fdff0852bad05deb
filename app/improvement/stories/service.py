"""Beginning a story. The caller opens the transaction."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts.models import User
from app.case_studies.contents import content_of_story
from app.case_studies.kind import KIND
from app.case_studies.rules import Story
from app.improvement.stories.models import StoryOrigin
from app.improvement.stories.queries import find_origin
from app.kernel.db import take_turns
from app.kernel.slugs import unique_slug
from app.maturity.models import Snapshot
from app.writing.models import Manuscript
from app.writing.service import begin


def begin_story(
    session: Session, story: Story, before_id: int, after_id: int, *, actor: User, now: datetime
) -> tuple[Manuscript, bool]:
    """The text that lies between two snapshots of a team, and whether it is new: a second press leads to the first one's text.

    Raises ForbiddenError for a team that is not the actor's.
    """
    # Two who press at once: the second waits here, and finds the text of the first.
    take_turns(session, f"story {before_id} {after_id}")
    begun = find_origin(before_id, after_id)
    if begun is not None:
        return begun, False
    team_id = session.get_one(Snapshot, after_id).team_id
    slug = unique_slug(story.title, "case-study")
    manuscript = begin(session, KIND, content_of_story(story), slug=slug, language=story.language, actor=actor, now=now)
    session.flush()
    session.add(
        StoryOrigin(manuscript_id=manuscript.id, team_id=team_id, before_id=before_id, after_id=after_id, at=now)
    )
    session.flush()
    return manuscript, True
