"""Everything that is known of a team between two of its snapshots and that a story may tell: nothing that anybody wrote for a few
alone. What coach and team noted for each other and what was said of answers is not among it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.accounts.models import Team
from app.case_studies.credits import Credit, profiles_of
from app.case_studies.rules import MetricValues
from app.improvement.plans.models import PlanItem
from app.improvement.stories.measured import Change, Low, list_changes, list_lowest, list_metrics
from app.improvement.stories.queries import (
    Help,
    Stretch,
    list_adopted,
    list_attended,
    list_done,
    list_help,
    list_learned,
    load_whole,
)
from app.kernel.clock import zone
from app.kernel.types import Localized
from app.maturity.models import Snapshot
from app.maturity.snapshots.comparing import as_called_in
from app.maturity.snapshots.queries import renames_between
from app.practices.adoption.models import Adoption
from app.practices.queries import titles_of
from app.training.models import TrainingSession


@dataclass(frozen=True)
class Facts:
    """`adopted` are with the title of the practice, `coaches` the profiles of those who coached; `is_main`: the framework is the one
    that the library is sorted by.
    """

    team: Team
    framework: Localized
    is_main: bool
    before: Snapshot
    after: Snapshot
    stretch: Stretch
    changes: Sequence[Change]
    lowest: Sequence[Low]
    metrics: Sequence[MetricValues]
    adopted: Sequence[tuple[Adoption, str]]
    done: Sequence[PlanItem]
    help: Sequence[Help]
    coaches: Sequence[Credit]
    sessions: Sequence[TrainingSession]
    learned: Sequence[str]

    @property
    def changed(self) -> list[Change]:
        return [each for each in self.changes if each.after != each.before]


def gather(team: Team, before_id: int, after_id: int, *, language: str, time_zone: str) -> Facts:
    """What is known, in nine queries, or eleven where the framework has another version by now. Both snapshots are the team's, of one framework."""
    whole = load_whole([before_id, after_id])
    before, after = whole[before_id], whole[after_id]
    was = as_called_in(after.content, before.content, renames_between(before, after))
    stretch = _stretch(before.taken_at, after.taken_at, time_zone)
    adoptions = list_adopted(team.id, stretch)
    titles = titles_of([each.practice_slug for each in adoptions], language)
    helped = list_help(team.id, stretch)
    return Facts(
        team=team,
        framework=after.framework.name,
        is_main=after.framework.position == 0,
        before=before,
        after=after,
        stretch=stretch,
        changes=list_changes(was, after.content),
        lowest=list_lowest(before.content),
        metrics=list_metrics(was, after.content),
        adopted=[(each, titles[each.practice_slug]) for each in adoptions if each.practice_slug in titles],
        done=list_done(team.id, after.framework_id, stretch),
        help=helped,
        coaches=profiles_of([each.coach_id for each in helped]),
        sessions=list_attended(team.id, stretch.start, stretch.end),
        learned=list_learned(team.id, after.framework_id, stretch),
    )


def _stretch(start: datetime, end: datetime, time_zone: str) -> Stretch:
    there = zone(time_zone)

    def day(moment: datetime) -> date:
        return moment.astimezone(there).date()

    return Stretch(start, end, day(start), day(end))
