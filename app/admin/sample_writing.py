"""The sample manuscripts: a draft, a text that is being reviewed, and one that changes were asked for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.admin.sample_dates import Calendar, Data
from app.case_studies.contents import content_of_story, story_of
from app.practices.content import blank
from app.writing.kinds import get_kind
from app.writing.models import Assignment, Manuscript
from app.writing.queries import content_of
from app.writing.review.reading import Selected, passage_in, read_part
from app.writing.review.remarking import answer, remark, send
from app.writing.review.rules import Criterion, Mark
from app.writing.review.service import Verdict, decide
from app.writing.review.settings import due_day
from app.writing.rules import Step
from app.writing.service import begin, take_step


class WritingLoader:
    """Brings in what is not there yet."""

    def __init__(self, session: Session, people: Mapping[str, User], calendar: Calendar) -> None:
        self._session, self._people, self._now = session, people, calendar.now

    def load(self, data: Data, capabilities: Mapping[str, int]) -> None:
        known = set(self._session.execute(select(Manuscript.slug).where(Manuscript.is_sample)).scalars())
        for item in data["manuscripts"]:
            if item["slug"] not in known and item["content"]["capability"] in capabilities:
                self._write(item)

    def _write(self, item: Data) -> None:
        manuscript = begin(
            self._session,
            get_kind(item["kind"]),
            _content(item),
            slug=item["slug"],
            language=item["language"],
            actor=self._people[item["by"]],
            now=self._ago(item),
        )
        manuscript.is_sample = True
        self._session.flush()
        if "review" in item:
            self._review(manuscript, item, item["review"])

    def _review(self, manuscript: Manuscript, item: Data, review: Data) -> None:
        kind, reviewer, asked_at = get_kind(item["kind"]), self._people[review["by"]], self._ago(review)
        # Asked by hand, so that the rule does not choose somebody real.
        manuscript.assignments.append(Assignment(user=reviewer, assigned_at=asked_at, due_on=due_day(asked_at)))
        take_step(self._session, kind, manuscript, Step.SUBMIT, actor=self._people[item["by"]], now=asked_at)
        for said in review["remarks"]:
            self._remark(manuscript, said, reviewer)
        if "decision" in review:
            decision = review["decision"]
            marks = {Criterion(name): Mark(mark) for name, mark in decision["marks"].items()}
            verdict = Verdict(manuscript.latest_number, Step(decision["step"]), marks, decision["reason"])
            decide(self._session, kind, manuscript, verdict, actor=reviewer, now=self._ago(decision))

    def _remark(self, manuscript: Manuscript, said: Data, reviewer: User) -> None:
        fields = get_kind(manuscript.kind).fields(content_of(manuscript))
        field = next(field for field in fields if field.name == said["field"])
        part = read_part(1, field, str(field.value))
        made = remark(
            self._session,
            manuscript,
            part.name,
            passage_in(part, Selected(said["quote"], "", "", None)),
            number=manuscript.latest_number,
            text=said["text"],
            actor=reviewer,
            now=self._ago(said),
        )
        send(self._session, manuscript, actor=reviewer, now=self._ago(said))
        if "answer" in said:
            reply = said["answer"]
            writer = self._people[reply["by"]]
            answer(self._session, manuscript, made, reply["text"], actor=writer, now=self._ago(reply))
            send(self._session, manuscript, actor=writer, now=self._ago(reply))

    def _ago(self, item: Data) -> datetime:
        return self._now - timedelta(days=item["days_ago"])


def _content(item: Data) -> dict[str, object]:
    """Every field of the kind, those that the file does not name empty."""
    content = {**item["content"], "language": item["language"]}
    if item["kind"] == "practice":
        return {**blank(), **{name: content[name] for name in blank() if name in content}}
    return content_of_story(story_of(content))


def remove_writing(session: Session) -> int:
    """Take out every sample manuscript, and what somebody published of it. Returns how many."""
    found = session.execute(select(Manuscript).where(Manuscript.is_sample)).unique().scalars().all()
    for manuscript in found:
        if manuscript.is_live:
            get_kind(manuscript.kind).withdraw(session, manuscript)
        session.delete(manuscript)
    session.flush()
    return len(found)
