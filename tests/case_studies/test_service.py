"""Writing, reviewing, publishing a case study: what each step changes, whom it tells, and what it refuses."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.accounts.models import User
from app.accounts.rules import Role
from app.case_studies.contents import story_of
from app.case_studies.kind import KIND
from app.case_studies.models import CaseStudy, Metric
from app.case_studies.queries import find_published
from app.case_studies.rules import MAX_BYLINE, Story
from app.jobs.messages import word
from app.jobs.models import Mail
from app.kernel.db import db, transaction
from app.kernel.errors import ConflictError, DomainError, ForbiddenError, InvalidInputError
from app.notifications.models import Notice
from app.writing.models import Manuscript, ManuscriptEvent
from app.writing.preparing import prepare
from app.writing.queries import content_of
from app.writing.rules import DECISIONS, EDITABLE, STANDS, TRANSITIONS, State, Step
from app.writing.service import take_step
from tests.case_studies.conftest import House
from tests.factories.case_studies import (
    LEAD_TIME,
    change,
    make_case_study,
    make_interview,
    make_manuscript,
    move,
)
from tests.factories.coaches import make_coach
from tests.factories.people import make_team, make_user

pytestmark = pytest.mark.both_databases
NOW = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
STEPS = (Step.SUBMIT, Step.TAKE_BACK, *DECISIONS)


def take(manuscript: Manuscript, step: Step, actor: User, comment: str = "", now: datetime = NOW) -> None:
    number = manuscript.submitted_number
    prepared = prepare(KIND, manuscript, number) if number else None
    with transaction() as session:
        take_step(session, KIND, manuscript, step, actor=actor, now=now, comment=comment, prepared=prepared)


def story_in(manuscript: Manuscript) -> Story:
    return story_of(content_of(manuscript))


def live(manuscript: Manuscript) -> CaseStudy | None:
    return find_published(manuscript.slug, manuscript.language)


def events(manuscript: Manuscript) -> list[tuple[str, str | None, str]]:
    query = select(ManuscriptEvent).where(ManuscriptEvent.manuscript_id == manuscript.id).order_by(ManuscriptEvent.id)
    found = db.session.execute(query).unique().scalars()
    return [(event.step, event.actor.name if event.actor else None, event.comment) for event in found]


def notices() -> list[tuple[str, str]]:
    """(person, kind) of every notice, in order; there has to be a mail for each."""
    rows = db.session.execute(select(User.name, Notice.kind).join(User, User.id == Notice.user_id).order_by(Notice.id))
    found = [(name, kind) for name, kind in rows]
    mails = db.session.execute(select(User.name, Mail.kind).join(User, User.email == Mail.to).order_by(Mail.id))
    assert [(name, kind) for name, kind in mails] == found
    return found


def test_a_draft_needs_little_and_remembers_everything(house: House) -> None:
    story = house.story(
        summary="", capability="", parts={"context": "Only **this**."}, metrics=(replace(LEAD_TIME, after=None, source=""),),
        practices=("b", "a", "b"), coaches=("nobody-yet",), sessions=("s",),
    )  # fmt: skip
    manuscript = make_manuscript(house.owner, story)
    kept = story_in(manuscript)
    assert kept == replace(
        story, parts={**dict.fromkeys(kept.parts, ""), "context": "Only **this**."}, practices=("b", "a")
    )
    assert (manuscript.state, manuscript.author_ids, live(manuscript)) == (
        State.DRAFT, frozenset({house.owner.id}), None,
    )  # fmt: skip
    rendered = KIND.render(content_of(manuscript))
    assert "<strong>this</strong>" in rendered.html
    assert [(each.level, each.anchor, each.text) for each in rendered.headings] == [(2, "h-context", "Context")]


def test_nobody_writes_for_another_team(house: House) -> None:
    with pytest.raises(ForbiddenError):
        make_manuscript(house.outsider, house.story())
    manuscript = make_manuscript(house.owner, house.story())
    with pytest.raises(ForbiddenError):
        change(manuscript, house.story(title="Mine now"), house.outsider)
    elsewhere = make_team("Elsewhere")
    with pytest.raises(ForbiddenError):
        change(manuscript, house.story(team=elsewhere.slug), house.owner)
    with pytest.raises(InvalidInputError) as refusal:
        change(manuscript, house.story(team="no-such-team"), house.owner)
    assert refusal.value.field == "team"
    with pytest.raises(InvalidInputError) as refusal:
        change(manuscript, house.story(capability="juggling"), house.owner)
    assert refusal.value.field == "capability"
    assert manuscript.latest_number == 1


def test_a_colleague_changes_the_draft_and_is_an_author(house: House) -> None:
    manuscript = make_manuscript(house.owner, house.story(practices=("a", "b")))
    story = house.story(
        title="Another title", metrics=(LEAD_TIME, replace(LEAD_TIME, name="Other")), practices=("b", "c")
    )
    change(manuscript, story, house.colleague, NOW)
    assert story_in(manuscript) == story
    assert (manuscript.title, manuscript.updated_at) == ("Another title", NOW)
    assert [author.user for author in manuscript.authors] == [house.owner, house.colleague]
    assert story_of(content_of(manuscript, 1)).title == "From six weeks to one"


@pytest.mark.parametrize("state", [state for state in State if state not in EDITABLE])
def test_the_text_stands_still_while_it_is_read(house: House, state: State) -> None:
    manuscript = make_manuscript(house.owner, house.story(), state, house.editor)
    with pytest.raises(ConflictError) as refusal:
        change(manuscript, house.story(title="New"), house.owner)
    assert refusal.value.message == STANDS[state]
    assert story_in(manuscript).title == "From six weeks to one"


def test_the_whole_way_to_publication(house: House) -> None:
    manuscript = make_manuscript(house.owner, house.story(practices=("a",)))
    take(manuscript, Step.SUBMIT, house.owner)
    assert notices() == [("Editor", "writing submit")]
    take(manuscript, Step.REQUEST_CHANGES, house.editor, "Say where the number comes from.", NOW + timedelta(hours=1))
    assert notices()[1:] == [("Colleague", "writing request_changes"), ("Owner", "writing request_changes")]
    take(manuscript, Step.SUBMIT, house.colleague, now=NOW + timedelta(hours=2))
    assert live(manuscript) is None
    take(manuscript, Step.ACCEPT, house.editor, now=NOW + timedelta(hours=15))
    assert notices()[3:] == [
        ("Editor", "writing submit"),
        ("Colleague", "writing accept"),
        ("Owner", "writing accept"),
    ]
    row = live(manuscript)
    assert row is not None
    # 17 hours UTC is the next day in Shanghai, where the site is.
    assert (row.published_on, row.byline, row.team, row.title) == (
        date(2026, 11, 17), "Payments: Owner", house.team, "From six weeks to one",
    )  # fmt: skip
    assert [(metric.name, metric.after) for metric in row.metrics] == [("Change lead time", 5)]
    assert [credit.practice_slug for credit in row.practices] == ["a"]
    assert manuscript.state_since == NOW + timedelta(hours=15)
    assert events(manuscript) == [
        ("submit", "Owner", ""),
        ("request_changes", "Editor", "Say where the number comes from."),
        ("submit", "Colleague", ""),
        ("accept", "Editor", ""),
    ]


def test_readers_see_the_old_version_until_the_next_is_accepted(house: House) -> None:
    row = make_case_study(house.owner, house.story(), house.editor)
    manuscript = db.session.execute(select(Manuscript)).unique().scalar_one()
    parts = {**house.story().parts, "context": "Now by day."}
    change(
        manuscript, house.story(title="By day", parts=parts, metrics=(replace(LEAD_TIME, after=2),)), house.colleague
    )
    move(manuscript, Step.SUBMIT, house.owner)
    db.session.expire_all()
    assert (row.title, row.metrics[0].after, "Now by day" in row.text) == ("From six weeks to one", 5, False)
    first_day = row.published_on
    take(manuscript, Step.ACCEPT, house.editor, now=NOW + timedelta(days=30))
    found = live(manuscript)
    assert found is row
    assert (row.title, row.metrics[0].after, "Now by day" in row.text) == ("By day", 2, True)
    assert (row.published_on, row.byline) == (first_day, "Payments: Owner, Colleague")
    assert db.session.execute(select(func.count()).select_from(Metric)).scalar_one() == 1


def test_a_byline_that_was_given_stays(house: House) -> None:
    assert make_case_study(house.owner, house.story(byline="The whole team"), house.editor).byline == "The whole team"


def test_the_longest_names_make_a_byline_that_fits(house: House) -> None:
    with transaction():
        house.owner.name, house.team.name = "N" * 80, "T" * 120
    case_study = make_case_study(house.owner, house.story(byline=""), house.editor)
    assert len(case_study.byline) == MAX_BYLINE


def test_an_interview_is_published_as_one(house: House) -> None:
    story = make_interview(house.team, house.capabilities["version-control"])
    case_study = make_case_study(house.owner, story, house.editor)
    assert (case_study.form, [heading["text"] for heading in case_study.headings]) == (
        "interview", ["Who are you?", "What changed?"],
    )  # fmt: skip
    assert "release by <strong>day</strong>" in case_study.html


def test_whom_nobody_knows_is_not_credited(house: House) -> None:
    coach = make_coach("Amara Osei")
    story = house.story(coaches=("nobody", coach.slug, coach.slug))
    assert [credit.user_id for credit in make_case_study(house.owner, story, house.editor).coaches] == [coach.user_id]


def test_withdrawing_takes_it_from_the_readers_and_keeps_every_version(house: House) -> None:
    make_case_study(house.owner, house.story(practices=("a",)), house.editor)
    manuscript = db.session.execute(select(Manuscript)).unique().scalar_one()
    with transaction() as session:
        KIND.withdraw(session, manuscript)
    assert (live(manuscript), story_in(manuscript).title) == (None, "From six weeks to one")


def test_a_closed_account_is_not_told(house: House) -> None:
    with transaction():
        house.editor.disabled_at = house.colleague.disabled_at = NOW
    make_manuscript(house.owner, house.story(), State.CHANGES_REQUESTED, make_user("Second", Role.EDITOR))
    assert notices() == [("Second", "writing submit"), ("Owner", "writing request_changes")]


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("step", STEPS)
def test_a_wrong_step_answers_with_a_sentence_and_changes_nothing(house: House, state: State, step: Step) -> None:
    if TRANSITIONS.allows(state, step):
        return
    manuscript = make_manuscript(house.owner, house.story(), state, house.editor)
    before = (manuscript.revision, manuscript.updated_at, events(manuscript), notices(), live(manuscript))
    actor = house.editor if step in DECISIONS else house.owner
    with pytest.raises(ConflictError) as refusal:
        take(manuscript, step, actor, "A word.")
    assert refusal.value.message == STANDS[state]
    assert manuscript.state == state
    assert (manuscript.revision, manuscript.updated_at, events(manuscript), notices(), live(manuscript)) == before


@pytest.mark.parametrize("step", STEPS)
def test_the_wrong_person_is_forbidden_whatever_the_state(house: House, step: Step) -> None:
    manuscript = make_manuscript(house.owner, house.story(), State.SUBMITTED)
    for actor in (house.outsider, house.owner if step in DECISIONS else house.editor):
        with pytest.raises(ForbiddenError):
            take(manuscript, step, actor, "A word.")
    assert manuscript.state == State.SUBMITTED


def test_an_editor_never_decides_on_the_own_teams_story(house: House) -> None:
    manuscript = make_manuscript(house.owner, house.story(), State.SUBMITTED)
    with transaction() as session:
        team = session.merge(house.team)
        team.memberships.append(type(team.memberships[0])(user_id=house.editor.id))
    with pytest.raises(ForbiddenError):
        take(manuscript, Step.ACCEPT, house.editor)
    assert live(manuscript) is None


@pytest.mark.parametrize("step", [Step.REQUEST_CHANGES, Step.REJECT])
def test_asking_and_rejecting_need_a_word(house: House, step: Step) -> None:
    manuscript = make_manuscript(house.owner, house.story(), State.SUBMITTED)
    with pytest.raises(InvalidInputError) as refusal:
        take(manuscript, step, house.editor, "  ")
    assert refusal.value.field == "comment"
    assert (manuscript.state, len(events(manuscript))) == (State.SUBMITTED, 1)


def test_an_incomplete_story_is_not_submitted(house: House) -> None:
    manuscript = make_manuscript(house.owner, house.story(summary="", metrics=[]))
    with pytest.raises(ConflictError) as refusal:
        take(manuscript, Step.SUBMIT, house.owner)
    assert str(refusal.value) == "This is still missing: Summary; At least one number before and after."
    assert manuscript.state == State.DRAFT


def test_what_is_kept_in_a_file_is_changed_there(house: House) -> None:
    manuscript = make_manuscript(house.owner, house.story())
    with transaction():
        manuscript.kept_in_file = "case-studies/x.en.md"
    with pytest.raises(ConflictError, match="case-studies/x"):
        take(manuscript, Step.SUBMIT, house.owner)
    with pytest.raises(ConflictError, match="case-studies/x"):
        change(manuscript, house.story(title="New"), house.owner)


def test_of_two_who_decide_at_once_the_second_gets_the_sentence(app: Flask, house: House) -> None:
    number = make_manuscript(house.owner, house.story(), State.SUBMITTED).id
    editors = [house.editor.id, make_user("Second", Role.EDITOR).id]
    db.session.rollback()
    barrier, outcomes = threading.Barrier(2), []

    def decide(editor_id: int, step: Step) -> None:
        with app.app_context():
            manuscript, editor = db.session.get_one(Manuscript, number), db.session.get_one(User, editor_id)
            barrier.wait()
            try:
                take(manuscript, step, editor, "A word.")
                outcomes.append("done")
            except DomainError as error:
                outcomes.append(f"{error.message}")

    threads = [
        threading.Thread(target=decide, args=(editor, step))
        for editor, step in zip(editors, (Step.ACCEPT, Step.REJECT), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    manuscript = db.session.get_one(Manuscript, number)
    assert sorted(outcomes) == sorted(["done", str(STANDS[State(manuscript.state)])])
    assert len(events(manuscript)) == 2
    assert (live(manuscript) is not None) == (manuscript.state == State.ACCEPTED)


@pytest.mark.parametrize("state", [state for state in State if state is not State.DRAFT])
def test_every_message_can_be_worded_and_leads_to_the_story(app: Flask, house: House, state: State) -> None:
    manuscript = make_manuscript(house.owner, house.story(), state, house.editor)
    mail = db.session.execute(select(Mail).order_by(Mail.id.desc()).limit(1)).scalar_one()
    with app.test_request_context():
        message = word(mail.kind, mail.params)
    assert manuscript.title in message.subject
    assert events(manuscript)[-1][2] in message.body or state is State.SUBMITTED
    place = f"case-studies/{manuscript.slug}?lang=en" if state is State.ACCEPTED else f"writing/{manuscript.id}"
    assert message.url == f"http://localhost/{place}"
