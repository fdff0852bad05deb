"""A request from its beginning to an engagement, or to nobody: who has it, who hears of it, what the clock does."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Membership, Team, User
from app.accounts.rules import Role
from app.coaching.load import load_of
from app.coaching.models import CoachingRequest, Engagement, Offer, RequestWord
from app.coaching.requests import service
from app.coaching.requests.jobs import find_coaches, move_clocks, remind_teams
from app.coaching.rules import MAX_PENDING, Ask, OfferEnd, Origin
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.kernel.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from app.notifications.models import Notice
from tests.factories.coaches import make_coach
from tests.factories.coaching import fresh, make_engagement, make_request, set_most
from tests.factories.frameworks import make_framework
from tests.factories.people import make_team, make_user

pytestmark = pytest.mark.usefixtures("clock")
TWO_DAYS = timedelta(days=2)


@pytest.fixture
def capability_id(app: object) -> int:
    return make_framework().areas[0].capabilities[0].id


@pytest.fixture
def lead(app: object) -> User:
    return make_user("Lin Yue")


@pytest.fixture
def team(lead: User) -> Team:
    return make_team("Payments", make_user("Mei"), lead=lead)


@pytest.fixture
def amara(capability_id: int) -> User:
    return make_coach("Amara Osei", skills={capability_id: 4}).user


@pytest.fixture
def chen(amara: User, capability_id: int) -> User:
    """After Amara, because Amara was here first."""
    return make_coach("Chen Wei", skills={capability_id: 3}).user


def told(person: User) -> list[str]:
    """The kinds of what a person was told, in order."""
    return list(
        Session.object_session(person)
        .execute(  # type: ignore[union-attr]
            select(Notice.kind).where(Notice.user_id == person.id).order_by(Notice.id)
        )
        .scalars()
    )


def endings(request: CoachingRequest) -> list[tuple[int | None, str | None]]:
    query = select(Offer.coach_id, Offer.ending).where(Offer.request_id == request.id).order_by(Offer.id)
    return [(coach_id, ending) for coach_id, ending in Session.object_session(request).execute(query)]  # type: ignore[union-attr]


class TestAsking:
    def test_the_first_coach_has_two_working_days_and_hears_of_it(
        self, team: Team, lead: User, amara: User, chen: User, capability_id: int
    ) -> None:
        request = make_request(team, lead, capability_id=capability_id, to_level=3)
        assert (request.state, request.coach_id, request.due_at) == (Ask.OPEN, amara.id, utc_now() + TWO_DAYS)
        assert (told(amara), told(chen), told(lead)) == (["coaching offered"], [], [])

    def test_a_form_sent_twice_asks_once(self, team: Team, lead: User, amara: User, session: Session) -> None:
        first = make_request(team, lead, key="the same form")
        second = make_request(team, lead, key="the same form", goal="Something else by now")
        assert (first.id, second.goal) == (second.id, first.goal)
        assert told(amara) == ["coaching offered"]

    def test_a_team_asks_for_so_much_at_a_time(self, team: Team, lead: User, amara: User) -> None:
        for _number in range(MAX_PENDING):
            make_request(team, lead)
        with pytest.raises(ConflictError):
            make_request(team, lead)

    def test_only_people_of_a_team_ask_for_it(self, team: Team, amara: User) -> None:
        with pytest.raises(ForbiddenError):
            make_request(team, make_user("Outsider"))

    def test_the_coach_whom_the_team_wishes_for_is_asked_first(
        self, team: Team, lead: User, amara: User, chen: User, session: Session
    ) -> None:
        request = make_request(team, lead, coach=chen)
        assert request.coach_id == chen.id
        assert session.execute(select(Offer.origin)).scalar_one() == Origin.WISHED

    def test_nobody_can_wish_for_a_coach_without_room(self, team: Team, lead: User, amara: User) -> None:
        set_most(amara, 0)
        with pytest.raises(InvalidInputError) as refused:
            make_request(team, lead, coach=amara)
        assert refused.value.field == "coach"

    def test_nobody_wishes_for_a_day_that_is_over(
        self, team: Team, lead: User, amara: User, clock: time_machine.Coordinates
    ) -> None:
        """Six in the evening in London is the next day in Shanghai, where Lin is."""
        clock.move_to(datetime(2026, 11, 16, 18, tzinfo=UTC))
        asking = service.Asking(team_id=team.id, goal="A goal", wished_until=date(2026, 11, 16))
        with pytest.raises(InvalidInputError) as refused, transaction() as session:
            service.ask(session, asking, key="a", actor=lead, now=utc_now())
        assert refused.value.field == "wished_until"
        today = replace(asking, wished_until=date(2026, 11, 17))
        with transaction() as session:
            assert service.ask(session, today, key="a", actor=lead, now=utc_now()).wished_until == date(2026, 11, 17)

    def test_without_anybody_who_matches_it_is_stranded_and_an_administrator_hears_of_it(
        self, team: Team, lead: User, amara: User, capability_id: int
    ) -> None:
        administrator = make_user("Ada", Role.ADMINISTRATOR)
        request = make_request(team, lead, capability_id=capability_id, to_level=5)
        assert (request.state, request.coach_id, request.due_at) == (Ask.STRANDED, None, None)
        assert (told(lead), told(administrator)) == (["coaching stranded"], ["coaching without a coach"])


class TestTheClock:
    def test_it_goes_to_the_next_one_when_two_working_days_are_over(
        self, team: Team, lead: User, amara: User, chen: User, clock: time_machine.Coordinates
    ) -> None:
        request = make_request(team, lead)
        clock.shift(TWO_DAYS - timedelta(seconds=1))
        assert move_clocks() == 0
        clock.shift(timedelta(seconds=1))
        assert move_clocks() == 1
        request = fresh(request)
        assert (request.state, request.coach_id, request.due_at) == (Ask.OPEN, chen.id, utc_now() + TWO_DAYS)
        assert endings(request) == [(amara.id, OfferEnd.RAN_OUT), (chen.id, None)]
        assert told(amara) == ["coaching offered", "coaching ran out"]
        assert (told(chen), told(lead)) == (["coaching offered"], ["coaching passed on"])

    def test_the_job_does_nothing_twice(
        self, team: Team, lead: User, amara: User, chen: User, clock: time_machine.Coordinates
    ) -> None:
        request = make_request(team, lead)
        clock.shift(TWO_DAYS)
        assert [move_clocks(), move_clocks(), find_coaches()] == [1, 0, 0]
        assert len(endings(fresh(request))) == 2

    def test_after_the_last_one_it_is_stranded(
        self, team: Team, lead: User, amara: User, clock: time_machine.Coordinates
    ) -> None:
        request = make_request(team, lead)
        clock.shift(TWO_DAYS)
        move_clocks()
        assert fresh(request).state == Ask.STRANDED
        assert told(lead) == ["coaching stranded"]

    def test_a_coach_whose_account_is_closed_has_it_no_longer(
        self, team: Team, lead: User, amara: User, chen: User
    ) -> None:
        request = make_request(team, lead)
        with transaction() as session:
            session.get_one(User, amara.id).disabled_at = utc_now()
        assert move_clocks() == 1
        assert fresh(request).coach_id == chen.id

    def test_a_coach_who_coaches_no_more_has_it_no_longer(
        self, team: Team, lead: User, amara: User, chen: User
    ) -> None:
        request = make_request(team, lead)
        with transaction() as session:
            session.get_one(User, amara.id).grants.clear()
        assert move_clocks() == 1
        assert fresh(request).coach_id == chen.id

    def test_a_coach_who_is_deleted_leaves_it_to_the_next_one(
        self, team: Team, lead: User, amara: User, chen: User
    ) -> None:
        request = make_request(team, lead)
        with transaction() as session:
            session.delete(session.get_one(User, amara.id))
        assert move_clocks() == 1
        assert (fresh(request).coach_id, endings(fresh(request))) == (
            chen.id,
            [(None, OfferEnd.GONE), (chen.id, None)],
        )

    def test_a_stranded_one_goes_to_the_first_who_has_room(
        self, team: Team, lead: User, amara: User, capability_id: int
    ) -> None:
        set_most(amara, 0)
        request = make_request(team, lead)
        assert (request.state, find_coaches()) == (Ask.STRANDED, 0)
        set_most(amara, 1)
        assert [find_coaches(), find_coaches()] == [1, 0]
        assert (fresh(request).coach_id, told(amara)) == (amara.id, ["coaching offered"])
        assert told(lead) == ["coaching stranded", "coaching passed on"]


class TestAnswers:
    def test_with_a_yes_an_engagement_begins(
        self, team: Team, lead: User, amara: User, capability_id: int, session: Session
    ) -> None:
        request = make_request(team, lead, capability_id=capability_id, from_level=2, to_level=3)
        with transaction() as session:
            service.accept(session, request.id, actor=amara, now=utc_now())
        engagement = session.execute(select(Engagement)).scalar_one()
        assert (engagement.request_id, engagement.team_id, engagement.coach_id) == (request.id, team.id, amara.id)
        (goal,) = engagement.goals
        assert (goal.capability_id, goal.from_level, goal.to_level, goal.text) == (capability_id, 2, 3, request.goal)
        # The title may be seen by others, so it is not the team's words.
        assert engagement.title == "Version control"
        assert (fresh(request).state, endings(request)) == (Ask.ACCEPTED, [(amara.id, OfferEnd.ACCEPTED)])
        assert told(lead) == ["coaching accepted"]

    def test_accepting_changes_nothing_about_the_load(self, team: Team, lead: User, amara: User) -> None:
        set_most(amara, 1)
        request = make_request(team, lead)
        before = load_of(amara.id)
        with transaction() as session:
            service.accept(session, request.id, actor=amara, now=utc_now())
        after = load_of(amara.id)
        assert (before.pending, before.engagements, before.total) == (1, 0, 1)
        assert (after.pending, after.engagements, after.total) == (0, 1, 1)

    def test_nobody_accepts_twice(self, team: Team, lead: User, amara: User) -> None:
        request = make_request(team, lead)
        with transaction() as session:
            service.accept(session, request.id, actor=amara, now=utc_now())
        with pytest.raises(ConflictError), transaction() as session:
            service.accept(session, request.id, actor=amara, now=utc_now())

    def test_while_the_team_is_asked_the_clock_stands_still(
        self, team: Team, lead: User, amara: User, chen: User, clock: time_machine.Coordinates
    ) -> None:
        request = make_request(team, lead)
        with transaction() as session:
            service.ask_back(session, request.id, question="Which pipeline?", actor=amara, now=utc_now())
        clock.shift(timedelta(days=30))
        assert move_clocks() == 0
        assert (fresh(request).state, fresh(request).due_at) == (Ask.ASKED, None)
        with transaction() as session:
            service.reply(session, request.id, answer="The old one", actor=lead, now=utc_now())
        assert (fresh(request).state, fresh(request).due_at) == (Ask.OPEN, utc_now() + TWO_DAYS)
        assert told(amara) == ["coaching offered", "coaching reply"]
        clock.shift(TWO_DAYS)
        assert move_clocks() == 1
        assert fresh(request).coach_id == chen.id

    def test_a_team_that_does_not_answer_is_reminded_once(
        self, team: Team, lead: User, amara: User, clock: time_machine.Coordinates
    ) -> None:
        request = make_request(team, lead)
        with transaction() as session:
            service.ask_back(session, request.id, question="Which pipeline?", actor=amara, now=utc_now())
        clock.shift(timedelta(days=7) - timedelta(seconds=1))
        assert remind_teams() == 0
        clock.shift(timedelta(seconds=1))
        assert [remind_teams(), remind_teams()] == [1, 0]
        assert told(lead) == ["coaching question", "coaching reminder"]

    def test_declined_it_goes_on_with_the_reason(
        self, team: Team, lead: User, amara: User, chen: User, session: Session
    ) -> None:
        request = make_request(team, lead)
        with transaction() as session:
            service.decline(session, request.id, reason="On leave until March", actor=amara, now=utc_now())
        assert fresh(request).coach_id == chen.id
        first = session.execute(select(Offer).order_by(Offer.id)).scalars().first()
        assert first is not None
        assert (first.ending, first.reason, first.first_word_at) == (
            OfferEnd.DECLINED,
            "On leave until March",
            utc_now(),
        )

    def test_without_a_reason_nothing_is_declined(self, team: Team, lead: User, amara: User) -> None:
        request = make_request(team, lead)
        with pytest.raises(InvalidInputError), transaction() as session:
            service.decline(session, request.id, reason="  ", actor=amara, now=utc_now())
        assert fresh(request).coach_id == amara.id

    def test_handed_over_it_is_with_the_other_one(self, team: Team, lead: User, amara: User, chen: User) -> None:
        request = make_request(team, lead)
        with transaction() as session:
            service.hand_over(session, request.id, to_id=chen.id, words="Knows it best", actor=amara, now=utc_now())
        assert (fresh(request).coach_id, endings(request)) == (
            chen.id,
            [(amara.id, OfferEnd.HANDED_OVER), (chen.id, None)],
        )

    def test_nobody_gets_the_same_request_twice(self, team: Team, lead: User, amara: User, chen: User) -> None:
        request = make_request(team, lead)
        with transaction() as session:
            service.hand_over(session, request.id, to_id=chen.id, actor=amara, now=utc_now())
        with pytest.raises(InvalidInputError), transaction() as session:
            service.hand_over(session, request.id, to_id=amara.id, actor=chen, now=utc_now())
        assert fresh(request).coach_id == chen.id

    def test_nothing_is_handed_to_somebody_without_room_or_of_the_team(
        self, team: Team, lead: User, amara: User, chen: User
    ) -> None:
        request = make_request(team, lead)
        set_most(chen, 0)
        with pytest.raises(InvalidInputError), transaction() as session:
            service.hand_over(session, request.id, to_id=chen.id, actor=amara, now=utc_now())
        set_most(chen, 3)
        with transaction() as session:
            session.add(Membership(team_id=team.id, user_id=chen.id))
        with pytest.raises(InvalidInputError), transaction() as session:
            service.hand_over(session, request.id, to_id=chen.id, actor=amara, now=utc_now())
        assert fresh(request).coach_id == amara.id

    def test_whom_it_has_left_can_do_nothing_with_it(self, team: Team, lead: User, amara: User, chen: User) -> None:
        request = make_request(team, lead)
        with transaction() as session:
            service.decline(session, request.id, reason="No time", actor=amara, now=utc_now())
        with pytest.raises(NotFoundError), transaction() as session:
            service.accept(session, request.id, actor=amara, now=utc_now())

    def test_withdrawn_nobody_has_it(self, team: Team, lead: User, amara: User) -> None:
        request = make_request(team, lead)
        with transaction() as session:
            service.withdraw(session, request.id, reason="Solved", actor=lead, now=utc_now())
        assert (fresh(request).state, fresh(request).coach_id) == (Ask.WITHDRAWN, None)
        assert (endings(request), load_of(amara.id).total) == ([(amara.id, OfferEnd.WITHDRAWN)], 0)
        assert told(amara) == ["coaching offered", "coaching withdrawn"]
        with pytest.raises(ConflictError), transaction() as session:
            service.withdraw(session, request.id, actor=lead, now=utc_now())

    def test_an_administrator_gives_a_stranded_one_to_a_coach(
        self, team: Team, lead: User, amara: User, capability_id: int
    ) -> None:
        administrator = make_user("Ada", Role.ADMINISTRATOR)
        request = make_request(team, lead, capability_id=capability_id, to_level=5)
        with pytest.raises(ForbiddenError), transaction() as session:
            service.give(session, request.id, to_id=amara.id, actor=lead, now=utc_now())
        with transaction() as session:
            service.give(session, request.id, to_id=amara.id, actor=administrator, now=utc_now())
        assert (fresh(request).state, fresh(request).coach_id) == (Ask.OPEN, amara.id)


class TestMatching:
    def test_most_room_first_then_who_waited_longest(
        self, team: Team, lead: User, amara: User, chen: User, clock: time_machine.Coordinates
    ) -> None:
        dora = make_coach("Dora").user
        set_most(dora, 1)
        asked = []
        for number in range(4):
            clock.shift(timedelta(minutes=1))
            other = make_team(f"Team {number}", lead)
            asked.append(make_request(other, lead).coach_id)
        # Three and three and one: Amara, Chen; then two and two and one: Amara, Chen again, who waited longer each time.
        assert asked == [amara.id, chen.id, amara.id, chen.id]

    @pytest.mark.parametrize(
        ("change", "matches"),
        [
            ({}, True),
            ({"to_level": 5}, False),
            ({"language": "zh"}, False),
        ],
    )
    def test_level_and_language_count(
        self, team: Team, lead: User, amara: User, capability_id: int, change: dict[str, object], matches: bool
    ) -> None:
        asked = {"capability_id": capability_id, "to_level": 4, "language": "en", **change}
        request = make_request(team, lead, **asked)  # type: ignore[arg-type]
        assert (request.coach_id == amara.id) is matches

    def test_coaches_of_the_team_and_those_who_take_none_are_left_out(
        self, team: Team, lead: User, amara: User, chen: User
    ) -> None:
        with transaction() as session:
            session.add(Membership(team_id=team.id, user_id=amara.id))
        make_coach("Eve", is_taking_requests=False)
        assert make_request(team, lead).coach_id == chen.id

    def test_what_pauses_counts_as_load(self, team: Team, lead: User, amara: User) -> None:
        set_most(amara, 1)
        make_engagement(make_team("Other", make_user("Olu")), amara)
        assert make_request(team, lead).state == Ask.STRANDED


def test_the_history_has_every_step_in_order(team: Team, lead: User, amara: User, session: Session) -> None:
    request = make_request(team, lead)
    with transaction() as session:
        service.ask_back(session, request.id, question="Which?", actor=amara, now=utc_now())
    with transaction() as session:
        service.reply(session, request.id, answer="That", actor=lead, now=utc_now())
    with transaction() as session:
        service.accept(session, request.id, actor=amara, now=utc_now())
    words = session.execute(select(RequestWord.step, RequestWord.state).order_by(RequestWord.id)).all()
    assert [tuple(each) for each in words] == [
        ("ask", "open"),
        ("ask back", "asked"),
        ("reply", "open"),
        ("accept", "accepted"),
    ]
