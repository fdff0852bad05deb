"""Any order of everything that a team and coaches can do to an assessment (docs/maturity.md, "What always holds")."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.accounts.models import Membership, Team, User
from app.accounts.rules import Role
from app.capabilities.models import Framework, FrameworkVersion
from app.kernel.db import Base, db, transaction
from app.kernel.errors import DomainError
from app.maturity.assessing import service as assessing
from app.maturity.assessing.answering import answer_finding, answer_for
from app.maturity.assessing.moving import move
from app.maturity.assessing.rules import Said
from app.maturity.models import (
    Answer,
    AnswerEvent,
    Assessment,
    AssessmentEvent,
    Finding,
    FindingWord,
    Snapshot,
    SnapshotMark,
)
from app.maturity.queries import get_assessment
from app.maturity.rules import OPEN_TO_THE_TEAM, RUNNING, STEPS, State, Step, Verdict
from app.maturity.scoring import area_scores, total
from app.maturity.snapshots.content import digest_of, marks_of
from app.maturity.snapshots.queries import get_snapshot
from app.maturity.verifying import service as verifying
from app.maturity.verifying.looking import look_at
from app.maturity.verifying.rules import Judgement, Sent
from tests.factories.assessments import NOW
from tests.factories.frameworks import make_framework
from tests.factories.people import make_team, make_user
from tests.thorough import QUICK, examples

pytestmark = pytest.mark.slow

TABLES: tuple[type[Base], ...] = (
    Assessment, AssessmentEvent, Answer, AnswerEvent, Finding, FindingWord, Snapshot, SnapshotMark
)  # fmt: skip
NAMES = ("Lin", "Max", "Ada", "Ben", "Cora", "Otto")
# The first two are the team, Cora is a coach of the team, Otto a member of nothing.
anybody = st.sampled_from(range(len(NAMES)))
of_the_team = st.sampled_from([0, 0, 1, 4])
coaches = st.sampled_from([2, 2, 2, 3, 4])
CAPABILITIES = ("version-control", "change-management", "test-automation", "releases")
capabilities = st.sampled_from(CAPABILITIES)
levels = st.integers(1, 5)


def rows_of(*models: type[Base]) -> list[Any]:
    return [db.session.execute(select(model.__table__)).all() for model in models]


class Assessing(RuleBasedStateMachine):
    """One team, one framework, six people. Every rule is one transaction, as a request has it."""

    people: list[int]
    team_id: int
    framework_id: int
    taken: Counter[Step]

    @initialize(depth=st.integers(0, 4))
    def begin(self, depth: int) -> None:
        self.now: datetime = NOW
        self.kept: dict[int, str] = {}
        with transaction() as session:
            # Snapshots and all else go with their assessments, as the database does it.
            session.execute(delete(Assessment))
            session.execute(delete(FrameworkVersion).where(FrameworkVersion.number > 1))
            session.execute(update(Framework).values(number=1))
            session.execute(delete(Membership).where(Membership.user_id == self.people[2]))
        self.start(0)
        # Most of what can go wrong lies deep, and few get there by chance.
        if depth:
            self.answer_everything_and_submit(0, 2)
        if depth > 1:
            self.take_on(2)
        if depth > 2:
            self.round_of_a_coach(2, [Verdict.DIFFER, Verdict.ASK, Verdict.AGREE], 4)
        if depth > 3:
            self.answer_findings_and_reply(0)

    def do(self, act: Callable[[Session, User], object], who: int, step: Step | None = None) -> bool:
        """Act as a request does. Whatever is refused changes nothing; a step that succeeds is one of the table."""
        self.now += timedelta(minutes=1)
        before, assessment = rows_of(*TABLES), self.find()
        state = State(assessment.state) if assessment else None
        is_open = state in OPEN_TO_THE_TEAM or state is None or step is Step.SUBMIT
        answers = rows_of(Answer, AnswerEvent)
        db.session.rollback()
        try:
            with transaction() as session:
                act(session, session.get_one(User, self.people[who]))
        except DomainError:
            assert rows_of(*TABLES) == before
            return False
        finally:
            db.session.rollback()
        if not is_open:
            assert rows_of(Answer, AnswerEvent) == answers
        if step is not None:
            self.taken[step] += 1
            assert state is not None
            assert assessment is not None
            now_at = db.session.get_one(Assessment, assessment.id)
            taken_over = step is Step.TAKE_ON and state is State.VERIFYING
            assert now_at.state == (State.VERIFYING if taken_over else STEPS.after(state, step))
            is_verifying = step in {Step.TAKE_ON, Step.RETURN, Step.CONFIRM}
            if is_verifying:
                assert not self.is_of_the_team(who)
        return True

    def find(self) -> Assessment | None:
        """The running one, or else the last."""
        query = select(Assessment).order_by(Assessment.state.in_(RUNNING).desc(), Assessment.id.desc()).limit(1)
        return db.session.execute(query).scalar_one_or_none()

    def is_of_the_team(self, who: int) -> bool:
        return db.session.get(Membership, (self.team_id, self.people[who])) is not None

    @property
    def id(self) -> int:
        found = self.find()
        assert found is not None
        number = found.id
        db.session.rollback()
        return number

    @property
    def state(self) -> str:
        """Of the running one."""
        return db.session.get_one(Assessment, self.id).state

    def revision_of(self, capability: str) -> int:
        query = select(Answer.revision).where(Answer.assessment_id == self.id, Answer.capability == capability)
        return db.session.execute(query).scalar_one_or_none() or 0

    @rule(who=of_the_team)
    def start(self, who: int) -> None:
        def act(session: Session, actor: User) -> None:
            team, framework = session.get_one(Team, self.team_id), session.get_one(Framework, self.framework_id)
            assessing.start(session, team, framework, title="A round", actor=actor, now=self.now)

        self.do(act, who)

    @rule(who=anybody, capability=capabilities, level=st.none() | levels)
    def answer(self, who: int, capability: str, level: int | None) -> None:
        said = Said(level) if level else Said(None, is_not_applicable=True, reason="Not ours")
        base, of = self.revision_of(capability), self.id
        self.do(lambda s, a: answer_for(s, of, capability, said, base=base, actor=a, now=self.now), who)

    @rule(who=of_the_team, level=levels)
    def answer_everything_and_submit(self, who: int, level: int) -> None:
        for capability in CAPABILITIES:
            self.answer(who, capability, level)
        self.submit(who)

    @rule(who=anybody)
    def submit(self, who: int) -> None:
        of = self.id
        self.do(lambda s, a: assessing.submit(s, of, actor=a, now=self.now), who, Step.SUBMIT)

    @rule(who=of_the_team)
    def take_back(self, who: int) -> None:
        of = self.id
        self.do(lambda s, a: assessing.take_back(s, of, actor=a, now=self.now), who, Step.TAKE_BACK)

    @rule(who=anybody | coaches)
    def take_on(self, who: int) -> None:
        of = self.id
        self.do(lambda s, a: verifying.take_on(s, of, actor=a, now=self.now), who, Step.TAKE_ON)

    @rule(who=coaches)
    def hand_back(self, who: int) -> None:
        of = self.id
        self.do(lambda s, a: verifying.hand_back(s, of, reason="", actor=a, now=self.now), who, Step.HAND_BACK)

    @rule(who=anybody | coaches, capability=capabilities, verdict=st.sampled_from(Verdict), level=levels)
    def judge(self, who: int, capability: str, verdict: Verdict, level: int) -> None:
        base, of = self.revision_of(capability), self.id

        def act(session: Session, actor: User) -> None:
            sent = {capability: Sent(Judgement(verdict, level, "Because"), base)}
            for error in verifying.judge(session, of, sent, actor=actor, now=self.now).values():
                raise error

        if self.do(act, who):
            assert not self.is_of_the_team(who)

    @rule(who=coaches)
    def agree_to_rest(self, who: int) -> None:
        of = self.id
        self.do(lambda s, a: verifying.agree_to_rest(s, of, actor=a, now=self.now), who)

    @rule(who=coaches)
    def give_back(self, who: int) -> None:
        of = self.id
        self.do(lambda s, a: verifying.give_back(s, of, comment="", actor=a, now=self.now), who, Step.RETURN)

    @rule(who=of_the_team, capability=capabilities)
    def reply_in_words(self, who: int, capability: str) -> None:
        of = self.id
        self.do(lambda s, a: answer_finding(s, of, capability, "We see it so.", actor=a, now=self.now), who)

    @rule(who=of_the_team)
    def reply(self, who: int) -> None:
        of = self.id
        self.do(lambda s, a: assessing.reply(s, of, actor=a, now=self.now), who, Step.REPLY)

    @rule(who=of_the_team)
    def answer_findings_and_reply(self, who: int) -> None:
        for capability in CAPABILITIES:
            self.reply_in_words(who, capability)
        self.reply(who)

    @rule(level=levels)
    def whatever_was_asked_can_be_answered_and_sent(self, level: int) -> None:
        """Back with the team is never the end of the way, whatever became of the framework."""
        for capability in CAPABILITIES:
            self.answer(0, capability, level)
            self.reply_in_words(0, capability)
        before = self.state
        self.reply(0)
        assert self.state == (State.VERIFYING if before == State.RETURNED else before)

    @rule(who=anybody | coaches)
    def confirm(self, who: int) -> None:
        of = self.id
        desk = look_at(get_assessment(of), "en")
        expected = {item.question.slug: item.final_level for item in desk.items}
        verdicts = {item.verdict for item in desk.items}
        if not self.do(lambda s, a: verifying.confirm(s, of, comment="", actor=a, now=self.now), who, Step.CONFIRM):
            return
        assert verdicts <= {Verdict.AGREE, Verdict.DIFFER}
        taken = db.session.execute(select(Snapshot).where(Snapshot.assessment_id == of)).scalar_one()
        assert {mark.capability: mark.level for mark in taken.marks} == expected
        self.kept[taken.id] = taken.digest

    @rule(who=coaches, verdicts=st.lists(st.sampled_from(Verdict), min_size=3, max_size=3), level=levels)
    def round_of_a_coach(self, who: int, verdicts: list[Verdict], level: int) -> None:
        for capability, verdict in zip(CAPABILITIES, verdicts, strict=False):
            self.judge(who, capability, verdict, level)
        self.give_back(who)

    @rule(verdicts=st.lists(st.sampled_from(Verdict), min_size=3, max_size=3), level=levels)
    def whoever_has_it_returns_it(self, verdicts: list[Verdict], level: int) -> None:
        self.round_of_a_coach(self.verifier, verdicts, level)

    @rule()
    def whoever_has_it_agrees_and_confirms(self) -> None:
        self.agree_to_rest(self.verifier)
        self.confirm(self.verifier)

    @rule(level=levels)
    def a_whole_round(self, level: int) -> None:
        self.start(0)
        self.answer_everything_and_submit(0, level)
        self.take_on(3)

    @property
    def verifier(self) -> int:
        """Whoever has it in hand; Ben where nobody has."""
        found = self.find()
        number = found.verifier_id if found is not None else None
        db.session.rollback()
        return self.people.index(number) if number is not None else 3

    @rule(who=st.sampled_from([0, 1]))
    def withdraw(self, who: int) -> None:
        of = self.id
        self.do(lambda s, a: assessing.withdraw(s, of, reason="Not now", actor=a, now=self.now), who, Step.WITHDRAW)

    @rule(who=st.sampled_from([0, 1]))
    def begin_and_give_up(self, who: int) -> None:
        self.start(0)
        self.withdraw(who)

    @rule()
    def ada_joins_or_leaves_the_team(self) -> None:
        with transaction() as session:
            found = session.get(Membership, (self.team_id, self.people[2]))
            if found is None:
                session.add(Membership(team_id=self.team_id, user_id=self.people[2]))
            else:
                session.delete(found)

    def publish(self, change: Callable[[dict[str, Any], int], None]) -> None:
        """A version with another content, and its number."""
        with transaction() as session:
            framework = session.get_one(Framework, self.framework_id)
            query = select(FrameworkVersion).where(FrameworkVersion.framework_id == framework.id)
            latest = session.execute(query.order_by(FrameworkVersion.number.desc()).limit(1)).scalar_one()
            content = deepcopy(latest.content)
            change(content, latest.number + 1)
            framework.number = latest.number + 1
            session.add(
                FrameworkVersion(
                    framework_id=framework.id, number=framework.number, label="x", content=content, at=self.now
                )
            )

    @rule(level=levels, adds=st.booleans())
    def a_newer_version_comes(self, level: int, adds: bool) -> None:
        def change(content: dict[str, Any], number: int) -> None:
            listed = content["areas"][0]["capabilities"]
            listed[0]["levels"][str(level)] = {"en": f"Said anew in {number}"}
            content["areas"][0]["capabilities"] = [each for each in listed if each["slug"] != "releases"]
            if adds:
                content["areas"][0]["capabilities"].append({**deepcopy(listed[0]), "slug": "releases", "weight": 2})

        self.publish(change)

    @rule(who=of_the_team, capability=st.sampled_from(["change-management", "test-automation"]))
    def a_version_comes_without_it_and_they_move(self, who: int, capability: str) -> None:
        def change(content: dict[str, Any], _number: int) -> None:
            for area in content["areas"]:
                area["capabilities"] = [each for each in area["capabilities"] if each["slug"] != capability]
            content["areas"] = [area for area in content["areas"] if area["capabilities"]]

        self.publish(change)
        self.move_to_it(who)

    @rule(capability=st.sampled_from(["change-management", "test-automation"]), level=levels)
    def what_the_coach_asks_about_goes(self, capability: str, level: int) -> None:
        self.judge(self.verifier, capability, Verdict.ASK, level)
        self.give_back(self.verifier)
        self.a_version_comes_without_it_and_they_move(0, capability)
        self.whatever_was_asked_can_be_answered_and_sent(level)

    @rule(who=of_the_team)
    def move_to_it(self, who: int) -> None:
        of = self.id
        self.do(lambda s, a: move(s, of, actor=a, now=self.now), who)

    @invariant()
    def at_most_one_is_running(self) -> None:
        running = db.session.execute(select(Assessment).where(Assessment.state.in_(RUNNING))).scalars().all()
        assert len(running) <= 1
        for each in running:
            assert (each.verifier_id is None) == (each.state in {State.ANSWERING, State.SUBMITTED})

    @invariant()
    def snapshots_are_there_for_what_is_final(self) -> None:
        final = select(Assessment.id).where(Assessment.state == State.FINAL).order_by(Assessment.id)
        taken = select(Snapshot.assessment_id).order_by(Snapshot.assessment_id)
        assert db.session.execute(taken).all() == db.session.execute(final).all()

    @invariant()
    def every_snapshot_is_as_it_was(self) -> None:
        for snapshot_id, digest in getattr(self, "kept", {}).items():
            snapshot = get_snapshot(snapshot_id)
            marks = marks_of(snapshot.content)
            assert snapshot.digest == digest == digest_of(snapshot.content)
            assert [(m.capability, m.area, m.weight, m.area_weight, m.level) for m in snapshot.marks] == [
                (m.capability, m.area, m.weight, m.area_weight, m.level) for m in marks
            ]
            assert snapshot.score == snapshot.content["score"] == total(marks)
            assert {area["slug"]: area["score"] for area in snapshot.content["areas"]} == area_scores(marks)

    @invariant()
    def every_step_is_kept(self) -> None:
        """The last step of each assessment has the state that it is in."""
        for assessment in db.session.execute(select(Assessment)).scalars():
            query = select(AssessmentEvent.state).where(AssessmentEvent.assessment_id == assessment.id)
            last = db.session.execute(query.order_by(AssessmentEvent.id.desc()).limit(1)).scalar_one_or_none()
            assert assessment.state == (last or State.ANSWERING)
        db.session.rollback()


def test_any_order_of_steps(app: Flask, clock: object) -> None:
    roles = {"Ada": [Role.COACH], "Ben": [Role.COACH], "Cora": [Role.COACH]}
    people = [make_user(name, *roles.get(name, [])) for name in NAMES]
    team = make_team("Payments", people[1], people[4], lead=people[0])
    ids = [person.id for person in people]
    taken = Counter[Step]()
    values = {"people": ids, "team_id": team.id, "framework_id": make_framework().id, "taken": taken}
    run_state_machine_as_test(
        type("Here", (Assessing,), values),
        settings=settings(
            max_examples=examples(80, quick=4),
            stateful_step_count=30,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    if settings.get_current_profile_name() != QUICK:
        # What is never reached proves nothing.
        assert set(taken) == set(Step)
