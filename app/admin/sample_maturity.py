"""The sample teams’ assessments, targets and plans. Nobody is told of them: rows are written as the steps leave them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from app.accounts.models import Team, User
from app.admin.sample_dates import Calendar, Data
from app.capabilities.models import Framework, FrameworkVersion
from app.improvement.plans.models import Plan, PlanItem
from app.improvement.plans.rules import PlanState
from app.kernel.clock import zone
from app.maturity.models import (
    Answer,
    AnswerEvent,
    Assessment,
    AssessmentEvent,
    Evidence,
    Finding,
    FindingWord,
    Snapshot,
    Target,
)
from app.maturity.queries import get_assessment
from app.maturity.rules import State, Step, Verdict
from app.maturity.snapshots.taking import take
from app.maturity.verifying.freezing import freeze
from app.maturity.verifying.looking import look_at

# A team answers for so long, and a coach looks for so long.
ANSWERED_FOR, VERIFIED_FOR = timedelta(days=7), timedelta(days=3)


class MaturityLoader:
    """Brings in what is not there yet, against the main framework; nothing where there is none."""

    def __init__(
        self, session: Session, people: Mapping[str, User], teams: Mapping[str, Team], calendar: Calendar
    ) -> None:
        self._session, self._people, self._teams, self._calendar = session, people, teams, calendar
        query = (
            select(FrameworkVersion)
            .join(FrameworkVersion.framework)
            .where(Framework.position == 0)
            .options(undefer(FrameworkVersion.content))
            .order_by(FrameworkVersion.number.desc())
            .limit(1)
        )
        self._version = session.execute(query).scalar_one_or_none()

    def load(self, data: Data) -> None:
        if self._version is None:
            return
        for item in data["targets"]:
            self._target(item)
        for item in data["assessments"]:
            self._assess(item, self._version)
        for item in data["plans"]:
            self._plan(item)

    def _ago(self, days: int) -> datetime:
        return self._calendar.now - timedelta(days=days)

    def _day(self, days: int) -> date:
        """So many days after today."""
        there = zone(self._calendar.time_zone)
        return (self._calendar.now + timedelta(days=days)).astimezone(there).date()

    def _speaker(self, team: Team) -> User | None:
        """Whoever leads the team; some sample teams have nobody."""
        return next((each.user for each in team.people), None)

    def _assess(self, item: Data, version: FrameworkVersion) -> None:
        team, at = self._teams[item["team"]], self._ago(item["days_ago"])
        query = select(Assessment.id).where(Assessment.team_id == team.id, Assessment.title == item["title"])
        if self._session.execute(query).first() is not None:
            return
        speaker, state = self._speaker(team), State(item["state"])
        verifier = self._people[item["verifier"]] if state is State.FINAL else None
        assessment = Assessment(
            team_id=team.id,
            framework_id=version.framework_id,
            version_id=version.id,
            title=item["title"],
            state=State.VERIFYING if verifier else state,
            state_since=at,
            verifier_id=verifier.id if verifier else None,
            started_by_id=speaker.id if speaker else None,
            started_at=at - ANSWERED_FOR,
            is_sample=True,
            answers=[],
        )
        self._session.add(assessment)
        self._session.flush()
        asked = [each["slug"] for area in version.content["areas"] for each in area["capabilities"]]
        for capability in asked[: item.get("only", len(asked))]:
            self._answer(assessment, capability, item, speaker, verifier, at)
        for step, after, when in _STEPS[state]:
            actor = verifier if step in {Step.TAKE_ON, Step.CONFIRM} else speaker
            self._session.add(
                AssessmentEvent(
                    assessment_id=assessment.id,
                    step=step,
                    state=after,
                    actor_id=actor.id if actor else None,
                    at=at - when,
                )
            )
        self._session.flush()
        if verifier is not None:
            self._session.expire_all()
            found = get_assessment(assessment.id)
            take(self._session, found, freeze(look_at(found, verifier.language)), verifier=verifier, now=at)
            found.state = State.FINAL
            self._session.flush()

    def _answer(
        self,
        assessment: Assessment,
        capability: str,
        item: Data,
        speaker: User | None,
        verifier: User | None,
        at: datetime,
    ) -> None:
        level = item.get("but", {}).get(capability, item["level"])
        first = item.get("first", {}).get(capability, level)
        said_at, speaker_id = at - ANSWERED_FOR / 2, speaker.id if speaker else None
        said = {
            "level": first or None,
            "is_not_applicable": not first,
            "reason": "" if first else "–",
            "note": item.get("notes", {}).get(capability, ""),
        }
        answer = Answer(
            assessment_id=assessment.id,
            capability=capability,
            revision=1,
            changed_by_id=speaker_id,
            changed_at=said_at,
            evidence=[
                Evidence(**{"value": None, **each}, added_by_id=speaker_id, added_at=said_at)
                for each in item.get("evidence", {}).get(capability, ())
            ],
            **said,
        )
        self._session.add(answer)
        self._session.flush()
        self._session.add(AnswerEvent(answer_id=answer.id, revision=1, actor_id=speaker_id, at=said_at, **said))
        if verifier is not None:
            differs = first != level
            verdict, found = (Verdict.DIFFER, level) if differs else (Verdict.AGREE, None)
            place = {"assessment_id": assessment.id, "capability": capability}
            self._session.add(
                Finding(**place, verdict=verdict, level=found, answer_revision=1, coach_id=verifier.id, at=at)
            )
            text = item.get("words", {}).get(capability, "")
            if differs:
                self._session.add(
                    FindingWord(**place, verdict=verdict, level=found, text=text, author_id=verifier.id, at=at)
                )

    def _target(self, item: Data) -> None:
        assert self._version is not None
        team = self._teams[item["team"]]
        key = {"team_id": team.id, "framework_id": self._version.framework_id, "capability": item["capability"]}
        if self._session.execute(select(Target.id).filter_by(**key)).first() is None:
            speaker = self._speaker(team)
            self._session.add(
                Target(
                    **key,
                    level=item["level"],
                    due_on=self._day(item["due"]),
                    reason=item["reason"],
                    set_by_id=speaker.id if speaker else None,
                    set_at=self._ago(190),
                )
            )
            self._session.flush()

    def _plan(self, item: Data) -> None:
        assert self._version is not None
        team = self._teams[item["team"]]
        if self._session.execute(select(Plan.id).where(Plan.team_id == team.id, Plan.title == item["title"])).first():
            return
        baseline = select(Snapshot.id).where(Snapshot.team_id == team.id, Snapshot.title == item["from"])
        closed = item.get("closed")
        self._session.add(
            Plan(
                team_id=team.id,
                framework_id=self._version.framework_id,
                baseline_id=self._session.execute(baseline).scalar_one_or_none(),
                title=item["title"],
                state=PlanState.CLOSED if closed else PlanState.RUNNING,
                began_on=self._day(-item["began"]),
                review_on=self._day(180 - item["began"]),
                closed_on=self._day(-closed) if closed else None,
                learned=item.get("learned", ""),
                created_at=self._ago(item["began"]),
                is_sample=True,
                items=[self._item(number, each) for number, each in enumerate(item["items"], 1)],
            )
        )
        self._session.flush()

    def _item(self, number: int, item: Data) -> PlanItem:
        owner = self._people[item["owner"]]
        return PlanItem(
            position=number,
            capability=item["capability"],
            from_level=item["from"],
            to_level=item["to"],
            kind=item["kind"],
            ref=item["ref"],
            what=item["what"],
            key=f"sample-{number}",
            owner_id=owner.id,
            due_on=self._day(item["due"]),
            state=item["state"],
            state_since=self._ago(item["days_ago"]),
            # Nobody is nudged about what is made up.
            nudged_at=self._calendar.now,
        )


# The steps that an assessment in a state has behind it: the step, the state after it, and how long before its day.
_STEPS: Mapping[State, tuple[tuple[Step, State, timedelta], ...]] = {
    State.ANSWERING: (),
    State.SUBMITTED: ((Step.SUBMIT, State.SUBMITTED, timedelta()),),
    State.FINAL: (
        (Step.SUBMIT, State.SUBMITTED, VERIFIED_FOR),
        (Step.TAKE_ON, State.VERIFYING, VERIFIED_FOR / 2),
        (Step.CONFIRM, State.FINAL, timedelta()),
    ),
}
