"""Which of several fits a gap best."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from app.improvement.advice.picking import choose_coach, choose_session, choose_story, climb_of, on
from app.improvement.advice.reading import History, SessionRow, StoryRow, Teacher
from app.improvement.advice.rules import Gap, Points
from app.training.seats.rules import Seats

NOW = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
POINTS = Points(levels=2, weight=Decimal(1), blocking=0, due=0, chosen=0, under_way=0)
GAP = Gap(
    slug="one",
    position=0,
    level=2,
    target=4,
    due_on=None,
    is_chosen=False,
    is_under_way=False,
    blocks=(),
    points=POINTS,
)


def session(title: str, day: int, *, level: int | None = 3, language: str = "en", seats: int = 5) -> SessionRow:
    starts = NOW + timedelta(days=day)
    full = Seats(5, confirmed=5 - seats)
    return SessionRow(full, 0, None, day, title, title, level, language, 1, starts, starts, "Asia/Shanghai")


def chosen(*rows: SessionRow) -> tuple[str | None, bool]:
    choice = choose_session(GAP, rows, [], language="en")
    return (choice.session.title if choice.session else None), choice.is_full


def test_a_session_is_of_the_right_level_then_in_the_language_then_soon() -> None:
    beyond, other, late, soon = (
        session("Beyond", 1, level=5),
        session("Another language", 2, language="zh"),
        session("Late", 4),
        session("Soon", 3),
    )
    assert chosen(beyond) == ("Beyond", False)
    assert chosen(beyond, other) == ("Another language", False)
    assert chosen(beyond, other, late) == ("Late", False)
    assert chosen(beyond, other, late, soon) == ("Soon", False)


def test_a_free_seat_is_better_than_a_better_session_that_is_full() -> None:
    assert chosen(session("Full", 1, seats=0)) == ("Full", True)
    assert chosen(session("Full", 1, seats=0), session("Free", 9, level=None)) == ("Free", False)


def test_what_the_team_can_do_already_is_no_help() -> None:
    assert chosen(session("For beginners", 1, level=2)) == (None, False)


def teacher(name: str, level: int, *, number: int, languages: tuple[str, ...] = ("en",), takes: bool = True) -> Teacher:
    return Teacher(frozenset(languages), number, name, name, "", takes, 1, level)


def test_a_coach_teaches_up_to_the_target_speaks_the_language_and_has_least_in_hand() -> None:
    low = teacher("Low", 3, number=1)
    foreign = teacher("Foreign", 4, number=2, languages=("zh",))
    busy, idle = teacher("A busy one", 4, number=3), teacher("Idle", 5, number=4)
    pending = {3: 2, 4: 1}
    everybody = [low, foreign, busy, idle]
    for number in range(1, 5):
        some = everybody[:number]
        choice = choose_coach(GAP, some, {1, 2, 3, 4}, pending, language="en")
        assert choice.coach is some[-1]
    no_room = choose_coach(GAP, everybody, set(), pending, language="en")
    assert (no_room.coach, no_room.total) == (None, 4)
    closed = choose_coach(GAP, [teacher("Closed", 4, number=5, takes=False)], {5}, {}, language="en")
    assert (closed.coach, closed.total) == (None, 1)
    asked = choose_coach(GAP, everybody, {4}, pending, language="en", keepers={1, 3})
    assert (asked.coach, asked.by_the_hour) == (idle, busy)
    assert choose_coach(GAP, everybody, {4}, pending, language="en", keepers={1, 4}).by_the_hour is idle
    assert choose_coach(GAP, [teacher("Beginner", 2, number=6)], {6}, {}, language="en").total == 0


def history(*levels: int, name: str = "Gateway") -> History:
    return History(name.lower(), name, tuple((level, NOW + timedelta(days=day)) for day, level in enumerate(levels)))


def test_a_climb_begins_where_the_team_is_and_ends_at_the_target() -> None:
    climb = climb_of(history(1, 2, 3, 4, 5), GAP)
    assert climb is not None
    assert (climb.from_level, climb.to_level) == (2, 4)
    assert climb_of(history(3, 4, 5), GAP) is None
    assert climb_of(history(2, 3), GAP) is None
    assert climb_of(history(5, 4, 2, 1), GAP) is None


@given(st.lists(st.integers(1, 5), max_size=8))
def test_every_climb_that_is_told_of_is_true(levels: list[int]) -> None:
    climb = climb_of(history(*levels), GAP)
    rises = [(one, other) for number, one in enumerate(levels) for other in levels[number:] if one <= 2 and other >= 4]
    assert (climb is not None) == bool(rises)
    if climb is not None:
        assert (climb.from_level, climb.to_level) in rises
        assert climb.from_at < climb.to_at


def test_the_story_of_a_benchmark_team_comes_first_and_the_nearest_climb() -> None:
    newest, benchmark = (
        StoryRow("a", "Newest", 1, "A", is_benchmark=False),
        StoryRow("b", "B", 1, "B", is_benchmark=True),
    )
    choice = choose_story(GAP, [newest, benchmark], [history(1, 4, name="Far"), history(2, 4, name="Near")])
    assert choice.story is benchmark
    assert choice.climb is not None
    assert choice.climb.team_name == "Near"
    assert choose_story(GAP, [newest], []).story is newest
    assert choose_story(GAP, [], []) == choose_story(GAP, [], [history(1, 1)])


def test_what_hangs_on_the_capability_itself_comes_before_its_counterparts() -> None:
    own, same, other = (
        StoryRow(slug, slug, number, "A", is_benchmark=False) for slug, number in (("o", 1), ("s", 2), ("x", 3))
    )
    assert on([other, same, own], [1, 2]) == [own, same]
