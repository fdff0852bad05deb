"""Coaching among the sample people: requests, engagements with what was written in them, office hours, the path. Nobody is told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Team, User
from app.admin.sample_dates import Calendar, Data
from app.coaching.growth.models import PathStage, Standing
from app.coaching.models import (
    AgreedAction,
    CoachingRequest,
    Engagement,
    EngagementFeedback,
    Goal,
    Note,
    Offer,
    RequestWord,
)
from app.coaching.office_hours.models import Booking, OfficeHours
from app.coaching.rules import Ask, AskStep, OfferEnd, Phase
from app.kernel.clock import zone
from app.kernel.markup import render

# A booking is on the first day of the coach's hours that is at least so far away.
AHEAD = timedelta(days=2)


class CoachingLoader:
    """Brings in what is not there yet."""

    def __init__(
        self,
        session: Session,
        people: Mapping[str, User],
        teams: Mapping[str, Team],
        capabilities: Mapping[str, int],
        calendar: Calendar,
    ) -> None:
        self._session, self._people, self._teams = session, people, teams
        self._capabilities, self._calendar = capabilities, calendar

    def load(self, data: Data) -> None:
        for item in data["engagements"]:
            self._engage(item)
        for item in data["requests"]:
            if self._is_new(self._teams[item["team"]], item):
                self._ask(item)
        for item in data["hours"]:
            self._keep_hours(item)
        for item in data["bookings"]:
            self._book(item)
        stages = list(self._session.execute(select(PathStage.slug).order_by(PathStage.position)).scalars())
        for item in data["path"]:
            if item["stage"] < len(stages):
                self._stand(item, stages[item["stage"]])
        self._session.flush()

    def _ago(self, days: int) -> datetime:
        return self._calendar.now - timedelta(days=days)

    def _day(self, days: int) -> date:
        """So many days after today."""
        there = zone(self._calendar.time_zone)
        return (self._calendar.now + timedelta(days=days)).astimezone(there).date()

    def _is_new(self, team: Team, item: Data) -> bool:
        query = select(CoachingRequest.id).where(
            CoachingRequest.team_id == team.id, CoachingRequest.goal == item["goal"]
        )
        return self._session.execute(query).first() is None

    def _request(self, item: Data, state: Ask, at: datetime) -> CoachingRequest:
        request = CoachingRequest(
            team_id=self._teams[item["team"]].id,
            asked_by_id=self._people[item["by"]].id,
            capability_id=self._capabilities.get(item["capability"]),
            from_level=item["from"],
            to_level=item["to"],
            goal=item["goal"],
            language=item["language"],
            key="sample",
            state=state,
            state_since=at,
            coach_id=self._people[item["coach"]].id,
            created_at=at,
            is_sample=True,
        )
        request.key = f"sample-{item['capability']}"
        self._session.add(request)
        self._session.flush()
        return request

    def _ask(self, item: Data) -> None:
        """A request whose coach has asked something back: it waits for the team, and no clock runs."""
        at, coach = self._ago(item["days_ago"]), self._people[item["coach"]]
        request = self._request(item, Ask.ASKED, at)
        word = RequestWord(
            request_id=request.id,
            step=AskStep.ASK_BACK,
            state=Ask.ASKED,
            text=item["question"],
            author_id=coach.id,
            at=at,
        )
        offer = Offer(
            request_id=request.id,
            coach_id=coach.id,
            offered_at=at,
            due_at=at + timedelta(days=2),
            first_word_at=at + timedelta(hours=3),
        )
        self._session.add_all([word, offer])

    def _engage(self, item: Data) -> None:
        team, coach, asked = self._teams[item["team"]], self._people[item["coach"]], self._ago(item["asked"])
        if not self._is_new(team, item):
            return
        began, ended = self._ago(item["began"]), item.get("ended")
        request = self._request(item, Ask.ACCEPTED, asked)
        offer = Offer(request_id=request.id, coach_id=coach.id, offered_at=asked, due_at=asked + timedelta(days=2))
        offer.first_word_at, offer.ended_at, offer.ending = began, began, OfferEnd.ACCEPTED
        engagement = Engagement(
            request_id=request.id,
            team_id=team.id,
            coach_id=coach.id,
            title=item["title"],
            state=Phase.ENDED if ended else Phase.RUNNING,
            state_since=self._ago(ended) if ended else began,
            began_on=self._day(-item["began"]),
            ends_on=self._day(-ended if ended else item["ends"]),
            ended_on=self._day(-ended) if ended else None,
            outcome=item.get("outcome", ""),
            created_at=began,
            is_sample=True,
            notes=[self._note(each) for each in item["notes"]],
            actions=[self._action(each) for each in item["actions"]],
        )
        engagement.goals = [self._goal(item, request.capability_id)]
        engagement.feedback = [self._feedback(each, item["ended"]) for each in item.get("feedback", ())]
        self._session.add_all([offer, engagement])

    def _goal(self, item: Data, capability_id: int | None) -> Goal:
        reached = self._day(-item["ended"]) if "ended" in item else None
        return Goal(capability_id=capability_id, from_level=item["from"], to_level=item["to"], reached_on=reached)

    def _feedback(self, item: Data, ended: int) -> EngagementFeedback:
        person = self._people[item["by"]]
        return EngagementFeedback(user_id=person.id, mark=item["mark"], text=item["text"], at=self._ago(ended))

    def _note(self, item: Data) -> Note:
        return Note(
            on=self._day(-item["days_ago"]),
            text=item["text"],
            html=render(item["text"]).html,
            author_id=self._people[item["by"]].id,
            at=self._ago(item["days_ago"]),
        )

    def _action(self, item: Data) -> AgreedAction:
        return AgreedAction(
            text=item["text"],
            owner_id=self._people[item["owner"]].id,
            due_on=self._day(item["due"]),
            done_at=self._ago(item["done"]) if "done" in item else None,
            # Nobody is nudged about what is made up.
            nudged_at=self._calendar.now,
        )

    def _keep_hours(self, item: Data) -> None:
        coach = self._people[item["coach"]]
        if self._session.execute(select(OfficeHours.id).where(OfficeHours.coach_id == coach.id)).first() is not None:
            return
        self._session.add(
            OfficeHours(
                coach_id=coach.id,
                weekday=item["weekday"],
                starts=time.fromisoformat(item["starts"]),
                ends=time.fromisoformat(item["ends"]),
                time_zone=self._calendar.time_zone,
                slot_minutes=item["minutes"],
                is_drop_in=item.get("drop_in", False),
                since=self._day(-60),
                place=item["place"],
                link=item["link"],
                changed_at=self._calendar.now,
                is_sample=True,
            )
        )
        self._session.flush()

    def _book(self, item: Data) -> None:
        coach, person = self._people[item["coach"]], self._people[item["by"]]
        is_there = select(Booking.id).where(Booking.coach_id == coach.id, Booking.user_id == person.id)
        hours = self._session.execute(select(OfficeHours).where(OfficeHours.coach_id == coach.id)).scalar_one()
        if self._session.execute(is_there).first() is not None:
            return
        there = zone(self._calendar.time_zone)
        day = (self._calendar.now + AHEAD).astimezone(there).date()
        day += timedelta(days=(hours.weekday - day.weekday()) % 7)
        starts = datetime.combine(day, time.fromisoformat(item["time"]), there)
        self._session.add(
            Booking(
                coach_id=coach.id,
                hours_id=hours.id,
                user_id=person.id,
                starts_at=starts,
                ends_at=starts + timedelta(minutes=hours.slot_minutes),
                time_zone=self._calendar.time_zone,
                place=hours.place,
                link=hours.link,
                topic=item["topic"],
                created_at=self._calendar.now,
                changed_at=self._calendar.now,
                is_sample=True,
            )
        )

    def _stand(self, item: Data, stage: str) -> None:
        person = self._people[item["person"]]
        if self._session.get(Standing, person.id) is None:
            self._session.add(
                Standing(
                    user_id=person.id,
                    stage=stage,
                    since=self._day(-item["since"]),
                    approved_by_id=self._people[item["by"]].id,
                    is_sample=True,
                )
            )
