"""The advice for a team: its gaps in order, and for each what could help. So many queries, however many capabilities there are."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain

from app.capabilities.models import Capability, Framework
from app.coaching.load import list_loads
from app.improvement.advice import reading
from app.improvement.advice.basis import Basis, find_basis
from app.improvement.advice.picking import (
    CoachChoice,
    PracticeChoice,
    SessionChoice,
    StoryChoice,
    choose_coach,
    choose_practice,
    choose_session,
    choose_story,
    on,
)
from app.improvement.advice.rules import Gap, Known, rank
from app.maturity.models import Target
from app.maturity.targets.queries import targets_of
from app.practices.adoption.rules import Stage


@dataclass(frozen=True)
class Asker:
    """Who asks for advice, and when: it says which seats can be had and which language helps. Only the team's own people are told
    what is said of an assessment that is still running, and what is under way in confidence.
    """

    user_id: int
    language: str
    is_of_team: bool
    today: date
    now: datetime


@dataclass(frozen=True)
class Advised:
    """A gap, its capability, the capabilities that it blocks, and what could help."""

    gap: Gap
    capability: Capability
    blocks: tuple[Capability, ...]
    practice: PracticeChoice
    session: SessionChoice
    coach: CoachChoice
    story: StoryChoice


@dataclass(frozen=True)
class Advice:
    """`basis` is None where nothing is known of the team yet. `unknown` was not answered; `reached` has no gap."""

    basis: Basis | None
    gaps: Sequence[Advised] = ()
    reached: Sequence[Capability] = ()
    unknown: Sequence[Capability] = ()
    has_targets: bool = False


def advise(team_id: int, framework: Framework, asker: Asker, *, under_way: Collection[str] = ()) -> Advice:
    """What the team should do next. `under_way` are the slugs of capabilities that it works on by its plan."""
    basis = find_basis(team_id, framework, is_of_team=asker.is_of_team)
    if basis is None:
        return Advice(None)
    capabilities = {each.slug: each for area in framework.areas for each in area.capabilities}
    alike = reading.counterparts([each.id for each in capabilities.values()])
    every = set(chain.from_iterable(alike.values()))
    practices = reading.list_practices(every, asker.language)
    stages = reading.stages_of(team_id)
    tried = {row.capability_id for row in practices if stages.get(row.slug) == Stage.TRYING}
    trying = {slug for slug, each in capabilities.items() if tried & set(alike[each.id])}
    targets = targets_of(team_id, framework.id)
    gaps = _rank(team_id, framework, basis, targets, trying | set(under_way), asker)
    shelf = _Shelf.read(every, framework.id, [gap.slug for gap in gaps], team_id, asker, practices, stages)
    in_gap, said = {gap.slug for gap in gaps}, basis.levels
    return Advice(
        basis,
        gaps=[shelf.advise(gap, capabilities, alike[capabilities[gap.slug].id]) for gap in gaps],
        reached=[each for slug, each in capabilities.items() if said.get(slug) is not None and slug not in in_gap],
        unknown=[each for slug, each in capabilities.items() if slug not in said],
        has_targets=bool(targets),
    )


def find_gap(team_id: int, framework: Framework, asker: Asker, slug: str) -> Gap | None:
    """The gap of the team in one capability, with its true level, target and what it blocks; None where there is none."""
    basis = find_basis(team_id, framework, is_of_team=asker.is_of_team)
    if basis is None:
        return None
    targets = targets_of(team_id, framework.id)
    gaps = _rank(team_id, framework, basis, targets, (), asker)
    return next((gap for gap in gaps if gap.slug == slug), None)


def _rank(
    team_id: int,
    framework: Framework,
    basis: Basis,
    targets: Mapping[str, Target],
    under_way: Collection[str],
    asker: Asker,
) -> list[Gap]:
    coached = reading.list_coached(team_id, framework.id) if asker.is_of_team else set()
    return rank(list_known(framework, basis.levels, targets, {*under_way, *coached}), asker.today)


def list_known(
    framework: Framework, levels: Mapping[str, int | None], targets: Mapping[str, Target], under_way: Collection[str]
) -> list[Known]:
    """What is known of the team in each capability of the framework, in its order."""
    ordered = [(area, each) for area in framework.areas for each in area.capabilities]
    return [
        Known(
            slug=each.slug,
            position=number,
            level=levels.get(each.slug),
            area=area.slug,
            weight=each.weight,
            area_weight=area.weight,
            needs=each.needs,
            target=targets[each.slug].level if each.slug in targets else None,
            due_on=targets[each.slug].due_on if each.slug in targets else None,
            is_under_way=each.slug in under_way,
        )
        for number, (area, each) in enumerate(ordered)
    ]


@dataclass(frozen=True)
class _Shelf:
    """Everything that could help with any gap, read once."""

    language: str
    practices: Sequence[reading.PracticeRow]
    stages: Mapping[str, str]
    sessions: Sequence[reading.SessionRow]
    wishes: Sequence[reading.WishRow]
    teachers: Sequence[reading.Teacher]
    with_room: Collection[int]
    pending: Mapping[int, int]
    hours: Mapping[int, datetime]
    stories: Sequence[reading.StoryRow]
    histories: Mapping[str, Sequence[reading.History]]

    @classmethod
    def read(
        cls,
        ids: Collection[int],
        framework_id: int,
        slugs: Collection[str],
        team_id: int,
        asker: Asker,
        practices: Sequence[reading.PracticeRow],
        stages: Mapping[str, str],
    ) -> _Shelf:
        teachers = reading.list_teachers(ids, without_team=team_id)
        teaching = {teacher.user_id for teacher in teachers}
        loads = list_loads(teaching)
        # Seats that are held for the team are no use to a reader who is not of it.
        holder = team_id if asker.is_of_team else 0
        return cls(
            language=asker.language,
            practices=practices,
            stages=stages,
            sessions=reading.list_sessions(ids, team_id=holder, user_id=asker.user_id, now=asker.now),
            wishes=reading.list_wishes(ids, now=asker.now),
            teachers=teachers,
            with_room={user_id for user_id, load in loads.items() if load.has_room},
            pending={user_id: load.total for user_id, load in loads.items()},
            hours=reading.list_free_hours(teaching, now=asker.now),
            stories=reading.list_stories(ids, asker.language, without_team=team_id),
            histories=reading.list_histories(framework_id, slugs, without_team=team_id),
        )

    def advise(self, gap: Gap, capabilities: Mapping[str, Capability], ids: Sequence[int]) -> Advised:
        return Advised(
            gap,
            capabilities[gap.slug],
            tuple(capabilities[slug] for slug in gap.blocks),
            practice=choose_practice(gap, on(self.practices, ids), self.stages),
            session=choose_session(gap, on(self.sessions, ids), on(self.wishes, ids), language=self.language),
            coach=choose_coach(
                gap,
                on(self.teachers, ids),
                self.with_room,
                self.pending,
                language=self.language,
                hours=self.hours,
            ),
            story=choose_story(gap, on(self.stories, ids), self.histories.get(gap.slug, ())),
        )
