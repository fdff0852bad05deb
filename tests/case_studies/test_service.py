"""Writing, reviewing, publishing: what each step changes, whom it tells, and what it refuses."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import User
from app.accounts.rules import Role
from app.case_studies.models import CaseStudy, CaseStudyEvent, Metric
from app.case_studies.rules import STANDS, TRANSITIONS, State, Step
from app.case_studies.service import StaleStoryError, change_draft, create_draft, take_step
from app.jobs.messages import word
from app.jobs.models import Mail
from app.kernel.db import db, transaction
from app.kernel.errors import ConflictError, DomainError, ForbiddenError, InvalidInputError
from app.notifications.models import Notice
from tests.case_studies.conftest import House
from tests.factories.case_studies import EDITORS_STEPS, LEAD_TIME, make_case_study
from tests.factories.people import make_team, make_user

pytestmark = pytest.mark.both_databases
NOW = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)


def take(case_study: CaseStudy, step: Step, actor: User, comment: str = "", now: datetime = NOW) -> None:
    with transaction() as session:
        take_step(session, case_study, step, actor=actor, now=now, comment=comment)


def notices() -> list[tuple[str, str]]:
    """(person, kind) of every notice, in order; there has to be a mail for each."""
    rows = db.session.execute(select(User.name, Notice.kind).join(User, User.id == Notice.user_id).order_by(Notice.id))
    found = [(name, kind) for name, kind in rows]
    mails = db.session.execute(select(User.name, Mail.kind).join(User, User.email == Mail.to).order_by(Mail.id))
    assert [(name, kind) for name, kind in mails] == found
    return found


def test_a_draft_needs_little_and_remembers_everything(house: House) -> None:
    story = house.story(
        summary="", capability_id=None, parts={"context": "Only **this**."}, metrics=(replace(LEAD_TIME, after=None, source=""),),
        practices=("b", "a", "b"), coaches=(house.editor.id,), sessions=("s",),
    )  # fmt: skip
    study = make_case_study(house.owner, story)
    assert study.story == replace(
        story, parts={**dict.fromkeys(study.story.parts, ""), "context": "Only **this**."}, practices=("b", "a")
    )
    assert (study.state, study.author, study.published_on) == (State.DRAFT, house.owner, None)
    assert "<strong>this</strong>" in study.html
    assert study.headings == [{"level": 2, "anchor": "h-context", "text": "Context"}]


def test_nobody_writes_for_another_team(house: House) -> None:
    with pytest.raises(ForbiddenError), transaction() as session:
        create_draft(session, house.story(), actor=house.outsider, now=NOW)
    study = make_case_study(house.owner, house.story())
    with pytest.raises(ForbiddenError), transaction() as session:
        change_draft(session, study, house.story(), revision=study.revision, actor=house.outsider, now=NOW)
    elsewhere = make_team("Elsewhere")
    with pytest.raises(ForbiddenError), transaction() as session:
        change_draft(
            session, study, house.story(team_id=elsewhere.id), revision=study.revision, actor=house.owner, now=NOW
        )


def test_a_colleague_changes_the_draft(house: House) -> None:
    study = make_case_study(house.owner, house.story(practices=("a", "b")))
    story = house.story(
        title="Another title", metrics=(LEAD_TIME, replace(LEAD_TIME, name="Other")), practices=("b", "c")
    )
    with transaction() as session:
        change_draft(session, study, story, revision=study.revision, actor=house.colleague, now=NOW)
    assert study.story == story
    assert (study.author, study.updated_at) == (house.owner, NOW)
    assert db.session.execute(select(Metric.name).order_by(Metric.position)).scalars().all() == [
        "Change lead time",
        "Other",
    ]


def test_what_somebody_else_saved_is_not_lost(house: House) -> None:
    study = make_case_study(house.owner, house.story())
    opened_by_both = study.revision
    with transaction() as session:
        change_draft(session, study, house.story(title="First"), revision=opened_by_both, actor=house.owner, now=NOW)
    with pytest.raises(StaleStoryError), transaction() as session:
        change_draft(
            session, study, house.story(title="Second"), revision=opened_by_both, actor=house.colleague, now=NOW
        )
    assert study.title == "First"
    with transaction() as session:
        change_draft(
            session, study, house.story(title="Second"), revision=study.revision, actor=house.colleague, now=NOW
        )
    assert study.title == "Second"


@pytest.mark.parametrize("state", [state for state in State if state not in {State.DRAFT, State.CHANGES_REQUESTED}])
def test_the_text_stands_still_while_it_is_read(house: House, state: State) -> None:
    study = make_case_study(house.owner, house.story(), state, house.editor)
    with pytest.raises(ConflictError) as refusal, transaction() as session:
        change_draft(session, study, house.story(title="New"), revision=study.revision, actor=house.owner, now=NOW)
    assert refusal.value.message == STANDS[state]
    assert study.title == "From six weeks to one"


def test_the_whole_way_to_publication(house: House) -> None:
    study = make_case_study(house.owner, house.story())
    take(study, Step.SUBMIT, house.owner)
    assert notices() == [("Editor", "case study submit")]
    take(study, Step.REQUEST_CHANGES, house.editor, "Say where the number comes from.", NOW + timedelta(hours=1))
    assert notices()[1:] == [("Colleague", "case study request_changes"), ("Owner", "case study request_changes")]
    take(study, Step.SUBMIT, house.colleague, now=NOW + timedelta(hours=2))
    take(study, Step.ACCEPT, house.editor, now=NOW + timedelta(hours=15))
    assert notices()[3:] == [
        ("Editor", "case study submit"),
        ("Colleague", "case study accept"),
        ("Owner", "case study accept"),
    ]
    # 17 hours UTC is the next day in Shanghai, where the editor sits.
    assert (study.state, study.published_on, study.byline) == (State.PUBLISHED, date(2026, 11, 17), "Owner, Payments")
    assert study.state_since == NOW + timedelta(hours=15)
    assert [(event.step, event.actor and event.actor.name, event.comment) for event in study.events] == [
        ("submit", "Owner", ""),
        ("request_changes", "Editor", "Say where the number comes from."),
        ("submit", "Colleague", ""),
        ("accept", "Editor", ""),
    ]


def test_a_byline_that_was_given_stays(house: House) -> None:
    study = make_case_study(house.owner, house.story(byline="The whole team"), State.PUBLISHED, house.editor)
    assert study.byline == "The whole team"


def test_withdrawing_takes_it_from_the_readers_and_reopening_makes_a_draft(house: House) -> None:
    study = make_case_study(house.owner, house.story(), State.PUBLISHED, house.editor)
    take(study, Step.WITHDRAW, house.colleague)
    assert (study.state, study.published_on) == (State.WITHDRAWN, None)
    take(study, Step.REOPEN, house.owner)
    assert study.state == State.DRAFT


def test_a_closed_account_is_not_told(house: House) -> None:
    with transaction():
        house.editor.disabled_at = house.colleague.disabled_at = NOW
    make_case_study(house.owner, house.story(), State.CHANGES_REQUESTED, make_user("Second", Role.EDITOR))
    assert notices() == [("Second", "case study submit"), ("Owner", "case study request_changes")]


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("step", Step)
def test_a_wrong_step_answers_with_a_sentence_and_changes_nothing(house: House, state: State, step: Step) -> None:
    if TRANSITIONS.allows(state, step):
        return
    study = make_case_study(house.owner, house.story(), state, house.editor)
    before = (study.revision, study.updated_at, len(study.events), notices())
    actor = house.editor if step in EDITORS_STEPS else house.owner
    with pytest.raises(ConflictError) as refusal:
        take(study, step, actor, "A word.")
    assert refusal.value.message == STANDS[state]
    assert study.state == state
    assert (study.revision, study.updated_at, len(study.events), notices()) == before


@pytest.mark.parametrize("step", Step)
def test_the_wrong_person_is_forbidden_whatever_the_state(house: House, step: Step) -> None:
    study = make_case_study(house.owner, house.story(), State.SUBMITTED)
    for actor in (house.outsider, house.owner if step in EDITORS_STEPS else house.editor):
        with pytest.raises(ForbiddenError):
            take(study, step, actor, "A word.")
    assert study.state == State.SUBMITTED


def test_an_editor_never_decides_on_the_own_teams_story(house: House) -> None:
    study = make_case_study(house.owner, house.story(), State.SUBMITTED)
    with transaction() as session:
        team = session.merge(house.team)
        team.memberships.append(type(team.memberships[0])(user_id=house.editor.id))
    with pytest.raises(ForbiddenError):
        take(study, Step.ACCEPT, house.editor)


@pytest.mark.parametrize("step", [Step.REQUEST_CHANGES, Step.REJECT])
def test_asking_and_rejecting_need_a_word(house: House, step: Step) -> None:
    study = make_case_study(house.owner, house.story(), State.SUBMITTED)
    with pytest.raises(InvalidInputError) as refusal:
        take(study, step, house.editor, "  ")
    assert refusal.value.field == "comment"
    assert (study.state, len(study.events)) == (State.SUBMITTED, 1)


def test_an_incomplete_story_is_not_submitted(house: House) -> None:
    study = make_case_study(house.owner, house.story(summary="", metrics=[]))
    with pytest.raises(ConflictError) as refusal:
        take(study, Step.SUBMIT, house.owner)
    assert str(refusal.value) == "This is still missing: Summary; At least one number before and after."
    assert study.state == State.DRAFT


def test_what_is_kept_in_a_file_is_changed_there(house: House) -> None:
    study = make_case_study(house.owner, house.story(), State.PUBLISHED, house.editor)
    with transaction():
        study.source_path = "case-studies/x.en.md"
    for act in (
        lambda session: take_step(session, study, Step.WITHDRAW, actor=house.owner, now=NOW),
        lambda session: change_draft(
            session, study, house.story(), revision=study.revision, actor=house.owner, now=NOW
        ),
    ):
        with pytest.raises(ConflictError, match="case-studies/x"), transaction() as session:
            act(session)


def test_of_two_who_decide_at_once_the_second_gets_the_sentence(app: Flask, house: House) -> None:
    study_id = make_case_study(house.owner, house.story(), State.SUBMITTED).id
    editors = [house.editor.id, make_user("Second", Role.EDITOR).id]
    db.session.rollback()
    barrier, outcomes = threading.Barrier(2), []

    def decide(editor_id: int, step: Step) -> None:
        with app.app_context():
            study, editor = db.session.get(CaseStudy, study_id), db.session.get(User, editor_id)
            assert study is not None
            assert editor is not None
            barrier.wait()
            try:
                take(study, step, editor, "A word.")
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
    study = db.session.get(CaseStudy, study_id)
    assert study is not None
    assert sorted(outcomes) == sorted(["done", str(STANDS[State(study.state)])])
    assert len(study.events) == 2


@pytest.mark.parametrize("state", [State.SUBMITTED, State.CHANGES_REQUESTED, State.PUBLISHED, State.REJECTED])
def test_every_message_can_be_worded_and_leads_to_the_story(app: Flask, house: House, state: State) -> None:
    study = make_case_study(house.owner, house.story(), state, house.editor)
    event = db.session.execute(select(CaseStudyEvent).order_by(CaseStudyEvent.id.desc()).limit(1)).scalar_one()
    mail = db.session.execute(select(Mail).order_by(Mail.id.desc()).limit(1)).scalar_one()
    with app.test_request_context():
        message = word(mail.kind, mail.params)
    assert study.title in message.subject
    assert event.comment in message.body or state is State.SUBMITTED
    assert message.url == f"http://localhost/case-studies/{study.slug}?lang=en"
