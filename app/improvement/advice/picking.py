"""Which practice, which session, which coach and which team fit a gap best. Pure choices among what was read."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from app.improvement.advice.reading import History, PracticeRow, SessionRow, StoryRow, Teacher, WishRow
from app.improvement.advice.rules import Gap
from app.practices.adoption.rules import IN_USE, Stage


class OnCapability(Protocol):
    @property
    def capability_id(self) -> int: ...


Row = TypeVar("Row", bound=OnCapability)


def on(rows: Sequence[Row], capability_ids: Sequence[int]) -> list[Row]:
    """Those rows that hang on one of the capabilities, in the order of the capabilities, and else as they came."""
    wanted = [row for row in rows if row.capability_id in capability_ids]
    return sorted(wanted, key=lambda row: capability_ids.index(row.capability_id))


@dataclass(frozen=True)
class PracticeChoice:
    """The practice to take up next. `trying` are those that the team tries already; `ahead` is what it uses though it is of a higher
    level than the team's; `is_again`: it used this one once and stopped.
    """

    practice: PracticeRow | None
    trying: tuple[PracticeRow, ...] = ()
    ahead: tuple[PracticeRow, ...] = ()
    is_again: bool = False


def choose_practice(gap: Gap, rows: Sequence[PracticeRow], stages: Mapping[str, str]) -> PracticeChoice:
    """The nearest level above the team's that has a practice which it does not use; what it once stopped comes last of a level."""
    above = [row for row in rows if row.level > gap.level]
    trying = tuple(row for row in above if stages.get(row.slug) == Stage.TRYING)
    ahead = tuple(row for row in above if stages.get(row.slug) in IN_USE and row not in trying)
    unused = [row for row in above if stages.get(row.slug) not in IN_USE]
    first = min(unused, key=lambda row: (row.level, row.slug in stages), default=None)
    return PracticeChoice(first, trying, ahead, is_again=first is not None and first.slug in stages)


@dataclass(frozen=True)
class SessionChoice:
    """The session to go to. `is_own`: the reader has a place there. `is_full`: all that there is, is a place in the queue. Where
    there is no session, `wish` is what others have wished for already.
    """

    session: SessionRow | None
    is_own: bool = False
    is_full: bool = False
    wish: WishRow | None = None


def choose_session(gap: Gap, rows: Sequence[SessionRow], wishes: Sequence[WishRow], *, language: str) -> SessionChoice:
    """Where the reader has a place; else one with a free seat: of the right level, in the reader's language, the soonest."""

    def fit(row: SessionRow) -> tuple[int, bool, datetime, int]:
        return _level_fit(gap, row.level), row.language != language, row.starts_at, row.id

    own = sorted((row for row in rows if row.own is not None), key=lambda row: (row.starts_at, row.id))
    if own:
        return SessionChoice(own[0], is_own=True)
    for is_full, some in ((False, [row for row in rows if row.free]), (True, [row for row in rows if not row.free])):
        useful = [row for row in some if _level_fit(gap, row.level) < TOO_LOW]
        if useful:
            wish = max(wishes, key=lambda each: each.votes, default=None) if is_full else None
            return SessionChoice(min(useful, key=fit), is_full=is_full, wish=wish)
    return SessionChoice(None, wish=max(wishes, key=lambda each: each.votes, default=None))


TOO_LOW = 2


def _level_fit(gap: Gap, level: int | None) -> int:
    """0 for what leads from the team's level towards the target, 1 for what goes beyond it, 2 for what the team can do already."""
    if level is None or gap.level < level <= gap.target:
        return 0
    return 1 if level > gap.target else TOO_LOW


@dataclass(frozen=True)
class CoachChoice:
    """The coach to ask. `total` is how many teach it above the team's level; with none that has room `coach` is None. `by_the_hour` is
    who keeps office hours for anybody: the same coach, where it can be.
    """

    coach: Teacher | None
    total: int
    by_the_hour: Teacher | None = None


def choose_coach(
    gap: Gap,
    rows: Sequence[Teacher],
    with_room: Collection[int],
    pending: Mapping[int, int],
    *,
    language: str,
    keepers: Collection[int] = (),
) -> CoachChoice:
    """Of those who teach it above the team's level and have room: who teaches it up to the target, speaks the reader's language, and
    has least in hand (`pending`), by name. `keepers` keep office hours.
    """

    def fit(row: Teacher) -> tuple[bool, bool, int, str, int]:
        in_hand = pending.get(row.user_id, 0)
        return row.level < gap.target, language not in row.languages, in_hand, row.name, row.user_id

    able = [row for row in rows if row.level > gap.level]
    first = min((row for row in able if row.is_taking_requests and row.user_id in with_room), key=fit, default=None)
    keeping = [row for row in able if row.user_id in keepers]
    by_the_hour = first if first in keeping else min(keeping, key=fit, default=None)
    return CoachChoice(first, len({row.user_id for row in able}), by_the_hour)


@dataclass(frozen=True)
class Climb:
    """A team that was where the reader's team is, and got to the target: at which levels it was, and when."""

    team_slug: str
    team_name: str
    from_level: int
    to_level: int
    from_at: datetime
    to_at: datetime


def climb_of(history: History, gap: Gap) -> Climb | None:
    """The last time that the team was at the level of the gap or below it, and the first snapshot after that with the target."""
    best: Climb | None = None
    start: tuple[int, datetime] | None = None
    for level, at in history.marks:
        if level <= gap.level:
            start = (level, at)
        elif start is not None and level >= gap.target:
            best = Climb(history.team_slug, history.team_name, start[0], level, start[1], at)
            start = None
    return best


@dataclass(frozen=True)
class StoryChoice:
    """Who did it: a team's story, and a benchmark team that went the same way."""

    story: StoryRow | None
    climb: Climb | None


def choose_story(gap: Gap, stories: Sequence[StoryRow], histories: Sequence[History]) -> StoryChoice:
    """The newest story, one of a benchmark team before others; the team that came from nearest to here, and latest."""
    story = min(stories, key=lambda row: not row.is_benchmark, default=None)
    climbs = [climb for climb in (climb_of(history, gap) for history in histories) if climb is not None]
    climb = max(climbs, key=lambda each: (each.from_level, each.to_at, each.team_name), default=None)
    return StoryChoice(story, climb)
