"""People of two teams, editors and whoever was asked do with a manuscript whatever comes to their minds, in any order, on a real
database. However it goes: nothing is published that nobody accepted, no version is lost, nobody judges what is near, the
history tells all of it, and readers see the published version to the letter.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select
from sqlalchemy.orm import undefer

from app.accounts.models import User
from app.accounts.rules import Role
from app.kernel.db import db, transaction
from app.kernel.errors import DomainError
from app.writing.models import Manuscript, ManuscriptEvent, Version
from app.writing.policy import is_near, is_reviewer
from app.writing.queries import content_of
from app.writing.review.models import Review
from app.writing.review.rules import Criterion, Mark
from app.writing.review.service import Verdict, assign, decide, hand_back, unassign
from app.writing.rules import DECISIONS, TRANSITIONS, Origin, State, Step
from app.writing.service import Prepared, begin, save, take_step
from tests.factories.people import make_team, make_user
from tests.thorough import examples
from tests.writing.shelves import SHELVES, Shelf

pytestmark = pytest.mark.slow

START = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
_numbers = count(1)


PEOPLE = ("author", "colleague", "neighbour", "near editor", "editor", "other editor", "coach", "member")
people = st.sampled_from(PEOPLE)
# Decisions that were taken, with how often the text had been accepted by then.
REACHED: set[tuple[Step, int]] = set()
WAY = (
    *(Step.SUBMIT, Step.REQUEST_CHANGES),
    *(Step.SUBMIT, Step.ACCEPT),
    *(Step.SAVE, Step.SUBMIT, Step.ACCEPT),
    *(Step.SAVE, Step.SUBMIT, Step.REJECT),
)
WORDS = ("Keep it short.", "Merge each day.", "Delete it at once.", "保持简短。", "每天合并。", "Ask twice.")
texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)
bases = st.integers(0, 3)


class Writing(RuleBasedStateMachine):
    """Each rule tries one thing; being refused with a sentence is as good an answer as any."""

    shelf: Shelf
    is_open: bool

    @initialize(words=texts)
    def begin(self, words: str) -> None:
        number = next(_numbers)
        roles = {"near editor": Role.EDITOR, "editor": Role.EDITOR, "other editor": Role.EDITOR, "coach": Role.COACH}
        self.people = {name: make_user(f"{name} {number}", *filter(None, [roles.get(name)])).id for name in PEOPLE}
        self.team = f"Team {number}"
        make_team(self.team, self.person("colleague"), lead=self.person("author"))
        make_team(f"Guild {number}", self.person("near editor"), self.person("author"))
        make_team(f"Others {number}", self.person("neighbour"), self.person("other editor"))
        self.kind = self.shelf.kind(is_open=self.is_open)
        self.now = START
        self.saved: list[dict[str, Any]] = []
        self.events: list[tuple[str, str]] = []
        self.accepted: list[int] = []
        content = self.shelf.content(words, self.team)
        with transaction() as session:
            made = begin(
                session,
                self.kind,
                content,
                slug=f"text-{number}",
                language="en",
                actor=self.person("author"),
                now=START,
            )
            self.id = made.id
        self.saved.append(content)

    def person(self, name: str) -> User:
        return db.session.get_one(User, self.people[name])

    @property
    def manuscript(self) -> Manuscript:
        return db.session.get_one(Manuscript, self.id)

    def later(self) -> datetime:
        self.now += timedelta(hours=1)
        return self.now

    @rule(who=people, words=texts, behind=bases)
    def save(self, who: str, words: str, behind: int) -> None:
        """Save, perhaps beginning from a version that others have changed since."""
        manuscript, actor = self.manuscript, self.person(who)
        base = max(1, manuscript.latest_number - behind)
        self._save(self.shelf.content(words, self.team), base, actor, Origin.WEB)

    @rule(who=people, back=st.integers(1, 5))
    def restore(self, who: str, back: int) -> None:
        """What once was, saved again."""
        latest = self.manuscript.latest_number
        old = content_of(self.manuscript, max(1, latest - back))
        self._save(old, latest, self.person(who), Origin.RESTORED)

    def _save(self, content: dict[str, Any], base: int, actor: User, origin: Origin) -> None:
        before = self.manuscript.state
        try:
            with transaction() as session:
                manuscript = session.get_one(Manuscript, self.id)
                result = save(
                    session, self.kind, manuscript, content, base=base, actor=actor, now=self.later(), origin=origin
                )
                kept = dict(result.version.content) if result.version else None
        except DomainError:
            return
        if kept is not None:
            self.saved.append(kept)
            if before != self.manuscript.state:
                self.events.append((Step.SAVE, self.manuscript.state))

    @rule(who=people)
    def submit(self, who: str) -> None:
        self._step(Step.SUBMIT, who)

    @rule(who=people)
    def take_back(self, who: str) -> None:
        self._step(Step.TAKE_BACK, who)

    def _step(self, step: Step, who: str) -> None:
        actor = self.person(who)
        try:
            with transaction() as session:
                manuscript = session.get_one(Manuscript, self.id)
                take_step(session, self.kind, manuscript, step, actor=actor, now=self.later())
        except DomainError:
            return
        self.events.append((step, self.manuscript.state))

    @rule(
        who=people,
        step=st.sampled_from(DECISIONS),
        sensitive=st.sampled_from([*Mark, None]),
        reason=st.sampled_from(["", "Because."]),
        behind=st.integers(0, 1),
    )
    def decide(self, who: str, step: Step, sensitive: Mark | None, reason: str, behind: int) -> None:
        """Decide, perhaps on a version that is not the submitted one any more."""
        self._decide(who, step, sensitive, reason, max(1, (self.manuscript.submitted_number or 1) - behind))

    def _decide(self, who: str, step: Step, sensitive: Mark | None, reason: str, number: int) -> None:
        actor, manuscript = self.person(who), self.manuscript
        content = content_of(manuscript, number)
        prepared = Prepared(number, content, self.kind.render(content))
        was_near, might = is_near(actor, manuscript), is_reviewer(actor, manuscript)
        verdict = Verdict(number, step, {Criterion.SENSITIVE: sensitive} if sensitive else {}, reason)
        try:
            with transaction() as session:
                manuscript = session.get_one(Manuscript, self.id)
                decide(session, self.kind, manuscript, verdict, actor=actor, now=self.later(), prepared=prepared)
        except DomainError:
            return
        assert might
        assert not was_near
        if step is Step.ACCEPT:
            assert sensitive in {Mark.GOOD, Mark.ENOUGH}
            self.accepted.append(number)
        REACHED.add((step, len(self.accepted)))
        self.events.append((step, self.manuscript.state))

    @rule(
        editor=st.sampled_from(["editor", "other editor"]),
        steps=st.lists(
            st.sampled_from([Step.ACCEPT, Step.ACCEPT, Step.REQUEST_CHANGES, Step.REJECT]), min_size=2, max_size=6
        ),
        words=texts,
    )
    def go_on(self, editor: str, steps: list[Step], words: str) -> None:
        """What comes next where all know what they do, several times over, so that much is decided, too."""
        for number, step in enumerate(steps):
            if self.manuscript.state == State.SUBMITTED:
                self._decide(editor, step, Mark.GOOD, "Because.", self.manuscript.submitted_number or 0)
            elif self.manuscript.state in {State.ACCEPTED, State.REJECTED}:
                content = self.shelf.content(f"{words} {number}", self.team)
                self._save(content, self.manuscript.latest_number, self.person("author"), Origin.WEB)
            else:
                self._step(Step.SUBMIT, "author")

    @rule(who=people, whom=people)
    def assign(self, who: str, whom: str) -> None:
        actor, person = self.person(who), self.person(whom)
        try:
            with transaction() as session:
                manuscript = session.get_one(Manuscript, self.id)
                assign(session, manuscript, person, actor=actor, due_on=START.date(), now=self.later())
        except DomainError:
            return

    @rule(who=people, whom=people)
    def unassign(self, who: str, whom: str) -> None:
        try:
            with transaction() as session:
                unassign(session, session.get_one(Manuscript, self.id), self.people[whom], actor=self.person(who))
        except DomainError:
            return

    @rule(who=people)
    def hand_back(self, who: str) -> None:
        try:
            with transaction() as session:
                manuscript, actor = session.get_one(Manuscript, self.id), self.person(who)
                hand_back(session, manuscript, reason="No.", actor=actor, due_on=START.date(), now=self.later())
        except DomainError:
            return

    @invariant()
    def no_version_is_lost(self) -> None:
        query = select(Version).where(Version.manuscript_id == self.id).order_by(Version.number)
        versions = list(db.session.execute(query.options(undefer(Version.content))).scalars())
        assert [each.number for each in versions] == list(range(1, len(self.saved) + 1))
        assert [each.content for each in versions] == self.saved
        assert self.manuscript.latest_number == len(self.saved)

    @invariant()
    def nothing_is_published_that_nobody_accepted(self) -> None:
        published = self.manuscript.published_number
        assert published == (self.accepted[-1] if self.accepted else None)
        query = select(Review).where(Review.manuscript_id == self.id).order_by(Review.number)
        reviews = db.session.execute(query).scalars()
        accepted = [row.number for row in reviews if row.decision == Step.ACCEPT]
        assert accepted == self.accepted

    @invariant()
    def readers_see_the_published_version_to_the_letter(self) -> None:
        seen = self.shelf.seen(self.kind, self.manuscript)
        if not self.accepted:
            assert seen is None
        else:
            assert seen == self.shelf.expected(self.kind, self.manuscript, self.saved[self.accepted[-1] - 1])

    @invariant()
    def the_history_tells_it_all(self) -> None:
        query = select(ManuscriptEvent).where(ManuscriptEvent.manuscript_id == self.id).order_by(ManuscriptEvent.id)
        events = list(db.session.execute(query).scalars())
        assert [(each.step, each.to_state) for each in events] == self.events
        state = State.DRAFT
        for event in events:
            assert event.from_state == state
            state = TRANSITIONS.after(state, Step(event.step))
            assert event.to_state == state
        assert self.manuscript.state == state
        decided = [each for each in events if each.step in DECISIONS]
        reviews = db.session.execute(
            select(Review).where(Review.manuscript_id == self.id).order_by(Review.id)
        ).scalars()
        assert [(row.decision, row.number, row.reviewer_id) for row in reviews] == [
            (each.step, each.number, each.actor_id) for each in decided
        ]

    @invariant()
    def nobody_near_is_asked(self) -> None:
        if self.manuscript.state == State.SUBMITTED:
            assert [each.user.name for each in self.manuscript.assignments if is_near(each.user, self.manuscript)] == []


@pytest.fixture
def machine(app: Flask) -> Iterator[type[Writing]]:
    yield Writing
    db.session.remove()


@pytest.mark.both_databases
@pytest.mark.parametrize("is_open", [False, True], ids=["closed", "open"])
@pytest.mark.parametrize("shelf", SHELVES)
def test_whatever_people_do_the_house_keeps_its_word(machine: type[Writing], shelf: type[Shelf], is_open: bool) -> None:
    begun = type("Begun", (machine,), {"shelf": shelf(), "is_open": is_open})
    run_state_machine_as_test(
        begun,
        settings=settings(
            max_examples=examples(15, quick=3),
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.parametrize("is_open", [False, True], ids=["closed", "open"])
@pytest.mark.parametrize("shelf", SHELVES)
def test_the_machine_comes_to_every_decision(machine: type[Writing], shelf: type[Shelf], is_open: bool) -> None:
    """A machine that is refused everything would prove nothing. Chance need not lead here, so this is a given way."""
    begun = type("Begun", (machine,), {"shelf": shelf(), "is_open": is_open})()
    begun.begin("Keep it short.")
    REACHED.clear()
    for number, step in enumerate(WAY):
        begun.go_on("editor", [step], f"Ask {number} times.")
        begun.no_version_is_lost()
        begun.nothing_is_published_that_nobody_accepted()
        begun.readers_see_the_published_version_to_the_letter()
        begun.the_history_tells_it_all()
        begun.nobody_near_is_asked()
    assert [step for step, _state in begun.events] == list(WAY)
    assert {(Step.REQUEST_CHANGES, 0), (Step.ACCEPT, 1), (Step.ACCEPT, 2), (Step.REJECT, 2)} == REACHED
