"""What coach and team do in an engagement; two people at once lose nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import Membership, User
from app.coaching.engagements import service, working
from app.coaching.engagements.feedback import give_feedback
from app.coaching.engagements.jobs import nudge, tell_of_left
from app.coaching.engagements.service import GoalDraft
from app.coaching.load import load_of
from app.coaching.models import AgreedAction, Engagement, EngagementFeedback, EngagementSession, Goal, Note
from app.coaching.rules import Phase
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from app.kernel.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from app.notifications.models import Notice
from tests.coaching.people import House
from tests.factories.coaching import make_engagement, set_most
from tests.factories.people import make_user
from tests.factories.training import make_training

LogIn = Callable[[User], FlaskClient]
DAY = date(2026, 11, 16)


@pytest.fixture
def engagement(house: House) -> Engagement:
    return make_engagement(house.team, house.amara, goals=(GoalDraft(capability_id=house.capability.id, to_level=3),))


def told(person: User) -> list[str]:
    return list(
        db.session.execute(select(Notice.kind).where(Notice.user_id == person.id).order_by(Notice.id)).scalars()
    )


class TestBeginning:
    def test_without_room_nothing_begins(self, house: House) -> None:
        set_most(house.amara, 0)
        with pytest.raises(ConflictError):
            make_engagement(house.team, house.amara)

    def test_a_coach_comes_from_another_team(self, house: House) -> None:
        with pytest.raises(InvalidInputError):
            make_engagement(house.team, house.mei)


class TestPhases:
    def test_a_pause_keeps_the_place(self, house: House, engagement: Engagement) -> None:
        with transaction() as session:
            service.pause(session, engagement.id, actor=house.lead, now=utc_now())
        assert load_of(house.amara.id).engagements == 1
        assert (told(house.amara), told(house.lead), told(house.mei)) == (["coaching paused"], [], ["coaching paused"])

    def test_the_end_needs_words_and_makes_room(self, house: House, engagement: Engagement) -> None:
        with pytest.raises(InvalidInputError), transaction() as session:
            service.end(session, engagement.id, outcome=" ", actor=house.amara, now=utc_now())
        (goal,) = engagement.goals
        with transaction() as session:
            service.end(session, engagement.id, outcome="Done", reached=[goal.id, 99], actor=house.amara, now=utc_now())
        ended = db.session.get_one(Engagement, engagement.id)
        assert (ended.state, ended.ended_on, ended.goals[0].reached_on) == (Phase.ENDED, DAY, DAY)
        assert load_of(house.amara.id).total == 0
        assert told(house.mei) == ["coaching ended"]

    def test_what_has_ended_stays_as_it_is(self, house: House, engagement: Engagement) -> None:
        with transaction() as session:
            service.end(session, engagement.id, outcome="Done", actor=house.amara, now=utc_now())
        for step in (service.pause, service.resume):
            with pytest.raises(ConflictError), transaction() as session:
                step(session, engagement.id, actor=house.amara, now=utc_now())
        with pytest.raises(ConflictError), transaction() as session:
            working.add_goal(session, engagement.id, GoalDraft(text="More"), actor=house.lead)
        with pytest.raises(ConflictError), transaction() as session:
            working.add_note(session, engagement.id, on=DAY, text="More", html="More", actor=house.lead, now=utc_now())

    def test_nobody_else_does_anything(self, house: House, engagement: Engagement) -> None:
        for person in house.others:
            with pytest.raises(NotFoundError), transaction() as session:
                service.pause(session, engagement.id, actor=person, now=utc_now())


class TestTwoAtOnce:
    def test_the_second_one_who_saves_the_outcome_is_told(self, house: House, engagement: Engagement) -> None:
        said = {"title": "Tests", "ends_on": None, "revision": 0}
        with transaction() as session:
            service.save_frame(session, engagement.id, outcome="From Amara", actor=house.amara, **said)  # type: ignore[arg-type]
        with pytest.raises(ConflictError), transaction() as session:
            service.save_frame(session, engagement.id, outcome="From Mei", actor=house.mei, **said)  # type: ignore[arg-type]
        assert db.session.get_one(Engagement, engagement.id).outcome == "From Amara"

    def test_the_page_keeps_what_was_typed_and_shows_what_was_saved(
        self, house: House, engagement: Engagement, log_in: LogIn
    ) -> None:
        here = f"/coaching/engagements/{engagement.id}/edit"
        said = {"title": "Tests", "ends_on": "", "revision": "0"}
        assert log_in(house.amara).post(here, data={**said, "outcome": "From Amara"}).status_code == 303
        answer = log_in(house.mei).post(here, data={**said, "outcome": "From Mei"})
        page = answer.get_data(as_text=True)
        assert (answer.status_code, "From Amara" in page, "From Mei" in page) == (409, True, True)
        assert 'name="revision" type="hidden" value="1"' in page
        together = {**said, "revision": "1", "outcome": "From Amara and Mei"}
        assert log_in(house.mei).post(here, data=together).status_code == 303
        assert db.session.get_one(Engagement, engagement.id).outcome == "From Amara and Mei"

    def test_notes_of_two_people_stand_beside_each_other(self, house: House, engagement: Engagement) -> None:
        for person in (house.amara, house.mei):
            with transaction() as session:
                working.add_note(session, engagement.id, on=DAY, text="Same", html="Same", actor=person, now=utc_now())
        assert db.session.execute(select(func.count(Note.id))).scalar_one() == 2

    def test_a_note_sent_twice_is_one(self, house: House, engagement: Engagement, log_in: LogIn) -> None:
        browser, here = log_in(house.amara), f"/coaching/engagements/{engagement.id}/notes"
        for _time in range(2):
            assert browser.post(here, data={"on": "2026-11-16", "text": "Met"}).status_code == 303
        assert db.session.execute(select(func.count(Note.id))).scalar_one() == 1

    def test_a_note_open_in_two_windows(self, house: House, engagement: Engagement, log_in: LogIn) -> None:
        browser, here = log_in(house.amara), f"/coaching/engagements/{engagement.id}/notes"
        browser.post(here, data={"on": "2026-11-16", "text": "First"})
        edit = f"{here}/1/edit"
        assert browser.post(edit, data={"on": "2026-11-16", "text": "Second", "revision": "0"}).status_code == 303
        answer = browser.post(edit, data={"on": "2026-11-16", "text": "Third", "revision": "0"})
        page = answer.get_data(as_text=True)
        assert (answer.status_code, "Second" in page, "Third" in page) == (409, True, True)
        assert db.session.execute(select(Note.text)).scalar_one() == "Second"

    def test_an_action_changed_by_both_sides(self, house: House, engagement: Engagement, log_in: LogIn) -> None:
        log_in(house.amara).post(
            f"/coaching/engagements/{engagement.id}/actions", data={"text": "Show it", "owner": ""}
        )
        edit = f"/coaching/engagements/{engagement.id}/actions/1/edit"
        said = {"owner": "", "due_on": "2026-11-30", "revision": "0"}
        assert log_in(house.amara).post(edit, data={**said, "text": "Show it soon"}).status_code == 303
        answer = log_in(house.mei).post(edit, data={**said, "text": "Show it later"})
        page = answer.get_data(as_text=True)
        assert (answer.status_code, "Show it soon" in page, "Show it later" in page) == (409, True, True)


class TestNotes:
    def test_markdown_becomes_harmless_html(self, house: House, engagement: Engagement, log_in: LogIn) -> None:
        text = "**Bold** <script>alert(1)</script> [x](javascript:alert(1))"
        log_in(house.amara).post(
            f"/coaching/engagements/{engagement.id}/notes", data={"on": "2026-11-16", "text": text}
        )
        page = log_in(house.mei).get(f"/coaching/engagements/{engagement.id}").get_data(as_text=True)
        assert ("<strong>Bold</strong>" in page, "<script>alert" in page, "javascript:" in page) == (True, False, False)

    def test_only_whoever_wrote_it_changes_it(self, house: House, engagement: Engagement, log_in: LogIn) -> None:
        here = f"/coaching/engagements/{engagement.id}/notes"
        log_in(house.amara).post(here, data={"on": "2026-11-16", "text": "Mine"})
        assert log_in(house.mei).get(f"{here}/1/edit").status_code == 403
        assert log_in(house.mei).post(f"{here}/1/delete").status_code == 403
        assert log_in(house.amara).post(f"{here}/1/delete").status_code == 303
        assert db.session.execute(select(func.count(Note.id))).scalar_one() == 0

    def test_notes_of_another_engagement_are_not_reached_through_this_one(
        self, house: House, engagement: Engagement, log_in: LogIn
    ) -> None:
        other = make_engagement(house.team, house.chen, title="Other")
        log_in(house.chen).post(
            f"/coaching/engagements/{other.id}/notes", data={"on": "2026-11-16", "text": "Elsewhere"}
        )
        assert log_in(house.amara).post(f"/coaching/engagements/{engagement.id}/notes/1/delete").status_code == 404


class TestActions:
    def agree(self, house: House, engagement: Engagement, owner: User | None, due_on: date | None) -> int:
        with transaction() as session:
            return working.agree(
                session,
                engagement.id,
                text="Show it",
                owner_id=owner.id if owner is not None else None,
                due_on=due_on,
                actor=house.amara,
                now=utc_now(),
            ).id

    def test_whose_it_is_hears_of_it(self, house: House, engagement: Engagement) -> None:
        self.agree(house, engagement, house.mei, None)
        self.agree(house, engagement, house.amara, None)
        assert (told(house.mei), told(house.amara)) == (["coaching action"], [])

    def test_it_is_somebody_of_the_two_sides(self, house: House, engagement: Engagement) -> None:
        with pytest.raises(InvalidInputError):
            self.agree(house, engagement, house.outsider, None)

    def test_once_the_day_is_over_its_owner_is_told_once(
        self, house: House, engagement: Engagement, clock: time_machine.Coordinates
    ) -> None:
        action_id = self.agree(house, engagement, house.mei, DAY)
        assert nudge() == 0
        # Midnight in Shanghai, where Mei is.
        clock.shift(timedelta(hours=14) - timedelta(seconds=1))
        assert nudge() == 0
        clock.shift(timedelta(seconds=1))
        assert [nudge(), nudge()] == [1, 0]
        assert told(house.mei) == ["coaching action", "coaching action overdue"]
        with transaction() as session:
            working.change_action(
                session,
                engagement.id,
                action_id,
                text="Show it",
                owner_id=house.mei.id,
                due_on=date(2026, 11, 18),
                revision=0,
                actor=house.mei,
                now=utc_now(),
            )
        clock.shift(timedelta(days=2))
        assert [nudge(), nudge()] == [1, 0]

    @pytest.mark.parametrize("is_done", [True, False])
    def test_of_what_is_done_or_pauses_nobody_is_told(
        self, house: House, engagement: Engagement, clock: time_machine.Coordinates, is_done: bool
    ) -> None:
        action_id = self.agree(house, engagement, house.mei, DAY)
        with transaction() as session:
            if is_done:
                working.mark_action(session, engagement.id, action_id, is_done=True, actor=house.mei, now=utc_now())
            else:
                service.pause(session, engagement.id, actor=house.mei, now=utc_now())
        clock.shift(timedelta(days=3))
        assert nudge() == 0

    def test_done_and_after_all_not(self, house: House, engagement: Engagement, log_in: LogIn) -> None:
        action_id = self.agree(house, engagement, house.mei, DAY)
        here = f"/coaching/engagements/{engagement.id}/actions/{action_id}"
        log_in(house.lead).post(here, data={"done": "y"})
        assert db.session.get_one(AgreedAction, action_id).done_at == utc_now()
        log_in(house.lead).post(here, data={"done": ""})
        assert db.session.get_one(AgreedAction, action_id).done_at is None


class TestSessions:
    def test_those_of_the_coach_and_on_the_goals_can_be_added(
        self, house: House, engagement: Engagement, log_in: LogIn
    ) -> None:
        make_training(house.amara, slug="of-the-coach")
        make_training(house.chen, slug="on-the-goal", capability_id=house.capability.id)
        make_training(house.chen, slug="neither")
        browser, here = log_in(house.mei), f"/coaching/engagements/{engagement.id}"
        page = browser.get(here).get_data(as_text=True)
        assert [slug in page for slug in ("of-the-coach", "on-the-goal", "neither")] == [True, True, False]
        for _time in range(2):
            browser.post(f"{here}/sessions", data={"slug": "on-the-goal"})
        assert list(db.session.execute(select(EngagementSession.training_slug)).scalars()) == ["on-the-goal"]
        assert browser.post(f"{here}/sessions", data={"slug": "neither"}).status_code == 422
        assert "/training/on-the-goal" in browser.get(here).get_data(as_text=True)
        browser.post(f"{here}/sessions/on-the-goal/delete")
        assert db.session.execute(select(EngagementSession.training_slug)).all() == []


class TestFeedback:
    @pytest.fixture
    def ended(self, house: House, engagement: Engagement) -> int:
        with transaction() as session:
            service.end(session, engagement.id, outcome="Done", actor=house.amara, now=utc_now())
        return engagement.id

    def give(self, engagement_id: int, person: User, mark: int, text: str = "") -> None:
        with transaction() as session:
            give_feedback(session, engagement_id, mark=mark, text=text, actor=person, now=utc_now())

    def test_before_the_end_nobody_gives_any(self, house: House, engagement: Engagement) -> None:
        with pytest.raises(ConflictError):
            self.give(engagement.id, house.mei, 5)

    def test_the_coach_gives_none(self, house: House, ended: int) -> None:
        with pytest.raises(ForbiddenError):
            self.give(ended, house.amara, 5)

    def test_the_coach_reads_it_from_three_people_on_and_without_names(
        self, house: House, ended: int, log_in: LogIn
    ) -> None:
        here = f"/coaching/engagements/{ended}"
        self.give(ended, house.mei, 4, "Words of Mei")
        self.give(ended, house.olu, 3, "Words of Olu")
        page = log_in(house.amara).get(here).get_data(as_text=True)
        assert ("Words of" in page, "2 people have said something" in page) == (False, True)
        self.give(ended, house.lead, 5)
        page = log_in(house.amara).get(here).get_data(as_text=True)
        assert (page.count("Words of"), "4 of 5" in page) == (2, True)
        section = page[page.index('id="feedback"') : page.index('id="goals"')]
        assert [name for name in ("Mei Zhang", "Olu Ade", "Lin Yue") if name in section] == []

    def test_no_mark_follows_from_two_figures(self, house: House, ended: int, log_in: LogIn) -> None:
        """Seven people of the team, one after the other, and one who thinks again: the coach's figure moves with every third."""
        others = [make_user(f"Person {number}") for number in range(4)]
        with transaction() as session:
            for person in others:
                session.add(Membership(team_id=house.team.id, user_id=person.id))
        here, coach = f"/coaching/engagements/{ended}", log_in(house.amara)

        def seen() -> tuple[list[str], list[str]]:
            page = coach.get(here).text
            return re.findall(r"<strong>([0-9.]+) of 5<", page), re.findall(r"Words of [^<]+", page)

        people = [house.mei, house.olu, house.lead, *others]
        found = []
        for person, mark in zip(people, (5, 4, 3, 1, 2, 1, 5), strict=True):
            self.give(ended, person, mark, f"Words of {person.name}")
            found.append(seen())
        first = ["Words of Lin Yue", "Words of Mei Zhang", "Words of Olu Ade"]
        then = [*first, "Words of Person 0", "Words of Person 1", "Words of Person 2"]
        assert found == [([], [])] * 2 + [(["4"], first)] * 3 + [(["2.7"], then)] * 2
        self.give(ended, house.mei, 1, "Words of Mei after all")
        assert seen() == (["2.7"], then)
        assert "1 more person has said something" in coach.get(here).text

    def test_said_otherwise_it_counts_once(self, house: House, ended: int, session: Session) -> None:
        self.give(ended, house.mei, 2)
        self.give(ended, house.mei, 5, "After all")
        rows = db.session.execute(select(EngagementFeedback.mark, EngagementFeedback.text)).all()
        assert [tuple(row) for row in rows] == [(5, "After all")]


class TestGoals:
    def test_a_goal_says_something(self, house: House, engagement: Engagement, log_in: LogIn) -> None:
        here = f"/coaching/engagements/{engagement.id}/goals"
        answer = log_in(house.mei).post(here, data={"capability": "", "text": ""})
        assert answer.status_code == 422
        assert log_in(house.mei).post(here, data={"capability": "", "text": "In words"}).status_code == 303
        assert sorted(db.session.execute(select(Goal.text)).scalars()) == ["", "In words"]

    def test_reached_and_after_all_not_and_removed(self, house: House, engagement: Engagement, log_in: LogIn) -> None:
        goal_id = engagement.goals[0].id
        here, browser = f"/coaching/engagements/{engagement.id}/goals/{goal_id}", log_in(house.amara)
        browser.post(here, data={"reached": "y"})
        assert db.session.get_one(Goal, goal_id).reached_on == DAY
        browser.post(here, data={"reached": ""})
        assert db.session.get_one(Goal, goal_id).reached_on is None
        browser.post(f"{here}/delete")
        assert db.session.execute(select(func.count(Goal.id))).scalar_one() == 0


@pytest.mark.parametrize("path", ["", "/edit", "/end", ".ics", "/notes/1/edit", "/actions/1/edit"])
def test_who_opens_the_pages(house: House, engagement: Engagement, log_in: LogIn, path: str) -> None:
    with transaction() as session:
        working.add_note(session, engagement.id, on=DAY, text="x", html="x", actor=house.amara, now=utc_now())
        working.agree(
            session, engagement.id, text="x", owner_id=house.lead.id, due_on=DAY, actor=house.amara, now=utc_now()
        )
    url = f"/coaching/engagements/{engagement.id}{path}"
    assert log_in(house.amara).get(url).status_code == 200
    # The note is Amara's: the team reads it on the page and does not change it.
    assert log_in(house.mei).get(url).status_code == (403 if "notes" in path else 200)
    assert {log_in(person).get(url).status_code for person in house.others} == {404}


class TestLeft:
    """The coach is gone: the account is closed or deleted, or the role was given back."""

    def take(self, person: User, how: str) -> None:
        with transaction() as session:
            coach = session.get_one(User, person.id)
            if how == "closed":
                coach.disabled_at = utc_now()
            elif how == "deleted":
                session.delete(coach)
            else:
                coach.grants.clear()

    @pytest.mark.both_databases
    @pytest.mark.parametrize("how", ["closed", "deleted", "role"])
    def test_whoever_leads_the_team_is_told_once(
        self, house: House, engagement: Engagement, how: str, clock: time_machine.Coordinates
    ) -> None:
        other = make_engagement(house.team, house.chen)
        with transaction() as session:
            service.pause(session, other.id, actor=house.lead, now=utc_now())
        assert tell_of_left() == 0
        self.take(house.amara, how)
        assert [tell_of_left(), tell_of_left()] == [1, 0]
        clock.shift(timedelta(days=30))
        assert tell_of_left() == 0
        assert (told(house.lead), told(house.mei)) == (["coaching left"], ["coaching paused"])
        self.take(house.chen, how)
        assert tell_of_left() == 1

    def test_where_nobody_leads_everybody_is_told(self, house: House, engagement: Engagement) -> None:
        with transaction() as session:
            session.get_one(Membership, (house.team.id, house.lead.id)).is_lead = False
        self.take(house.amara, "role")
        assert tell_of_left() == 1
        assert [told(person) for person in (house.lead, house.mei, house.olu)] == [["coaching left"]] * 3

    def test_of_what_has_ended_nobody_is_told(self, house: House, engagement: Engagement) -> None:
        with transaction() as session:
            service.end(session, engagement.id, outcome="Done", actor=house.lead, now=utc_now())
        self.take(house.amara, "closed")
        assert tell_of_left() == 0

    @pytest.mark.parametrize("how", ["closed", "deleted", "role"])
    def test_the_page_says_so_and_what_to_do(
        self, house: House, engagement: Engagement, log_in: LogIn, how: str
    ) -> None:
        here, says = f"/coaching/engagements/{engagement.id}", "Nobody coaches here any more."
        assert says not in log_in(house.mei).get(here).text
        self.take(house.amara, how)
        page = log_in(house.mei).get(here).text
        assert (says in page, f"{here}/end" in page, f"/new?team={house.team.slug}" in page) == (True, True, True)
        assert log_in(house.mei).post(f"{here}/end", data={"outcome": "Two of three"}).status_code == 303
        assert says not in log_in(house.mei).get(here).text


@pytest.mark.parametrize("how", ["left", "closed"])
def test_of_what_nobody_has_any_more_whoever_leads_the_team_is_told_and_hands_it_on(
    house: House, engagement: Engagement, clock: time_machine.Coordinates, log_in: LogIn, how: str
) -> None:
    with transaction() as session:
        action_id = working.agree(
            session, engagement.id, text="Show it", owner_id=house.mei.id, due_on=DAY, actor=house.mei, now=utc_now()
        ).id
    with transaction() as session:
        if how == "left":
            session.delete(session.get_one(Membership, (house.team.id, house.mei.id)))
        else:
            session.get_one(User, house.mei.id).disabled_at = utc_now()
    clock.shift(timedelta(days=2))
    assert [nudge(), nudge()] == [1, 0]
    assert [told(person) for person in (house.mei, house.olu, house.lead)] == [[], [], ["coaching action left"]]
    here, browser = f"/coaching/engagements/{engagement.id}", log_in(house.lead)
    assert "Has left: give it to somebody" in browser.get(here).text
    edit = f"{here}/actions/{action_id}/edit"
    said = {"text": "Show it", "owner": str(house.olu.id), "due_on": "2026-11-17", "revision": "0"}
    assert (browser.get(edit).status_code, browser.post(edit, data=said).status_code) == (200, 303)
    assert "Has left" not in browser.get(here).text
    assert [nudge(), told(house.olu)] == [1, ["coaching action", "coaching action overdue"]]


def test_a_goal_sent_twice_is_one(house: House, engagement: Engagement, log_in: LogIn) -> None:
    browser, here = log_in(house.amara), f"/coaching/engagements/{engagement.id}/goals"
    sent = {"capability": str(house.capability.id), "from_level": "", "to_level": "4", "text": "In ten  minutes"}
    for each in (sent, sent, {**sent, "to_level": "5"}):
        assert browser.post(here, data=each).status_code == 303
    assert db.session.execute(select(func.count(Goal.id))).scalar_one() == 3


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_a_day_at_the_end_of_the_calendar_is_refused(
    house: House, engagement: Engagement, log_in: LogIn, day: str
) -> None:
    """Its calendar file could not be made any more."""
    browser, here = log_in(house.mei), f"/coaching/engagements/{engagement.id}"
    for place, sent in (
        ("actions", {"text": "Show it", "owner": str(house.mei.id), "due_on": day}),
        ("notes", {"text": "Met", "on": day}),
        ("edit", {"title": "Tests", "revision": "0", "ends_on": day}),
    ):
        answer = browser.post(f"{here}/{place}", data=sent)
        assert (place, answer.status_code, "between 2000 and 2099" in answer.text) == (place, 422, True)
    assert browser.get(f"{here}.ics").status_code == 200
