"""What the sample people say around the articles: adoption, comments, answers, and a collection."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from app.accounts.models import Team, User
from app.admin.sample_dates import Calendar, Data
from app.community.comments.models import Comment
from app.community.comments.service import mark_answered, words_of, write
from app.community.helpful.rules import Reason
from app.community.helpful.service import answer
from app.community.shelves.models import Collection, CollectionEntry
from app.community.shelves.rules import Sight
from app.community.subjects import Ref, Subject
from app.practices.adoption.models import Adoption
from app.practices.adoption.rules import Stage
from app.practices.adoption.service import Said, say
from app.practices.models import Practice


class CommunityLoader:
    """Brings in what is not there yet, as far as the articles that it is about are there."""

    def __init__(
        self, session: Session, people: Mapping[str, User], teams: Mapping[str, Team], calendar: Calendar
    ) -> None:
        self._session, self._people, self._teams, self._now = session, people, teams, calendar.now
        # Without owners, so that nobody is told of what made-up people say.
        self._subjects = {
            slug: Subject("practice", slug, title, "")
            for slug, title in session.execute(select(Practice.slug, Practice.title).order_by(Practice.language.desc()))
        }

    def load(self, data: Data) -> None:
        for item in data["adoptions"]:
            if item["practice"] in self._subjects:
                self._adopt(item)
        for item in data["comments"]:
            if item["practice"] in self._subjects:
                self._comment(item)
        for item in data["helpful"]:
            if item["practice"] in self._subjects:
                self._answer(item)
        for item in data["collections"]:
            self._collect(item)

    def _adopt(self, item: Data) -> None:
        team, at = self._teams[item["team"]], self._ago(item["days_ago"])
        is_there = select(Adoption.id).where(Adoption.practice_slug == item["practice"], Adoption.team_id == team.id)
        if self._session.execute(is_there).first() is None:
            said = Said(stage=Stage(item["stage"]), since=self._ago(item["since"]).date(), note=item["note"])
            actor = self._people[item["by"]]
            say(self._session, item["practice"], team.id, said, actor=actor, today=at.date(), now=at)

    def _comment(self, item: Data) -> None:
        subject, asked_at = self._subjects[item["practice"]], self._ago(item["days_ago"])
        thread, is_new = self._write(subject, item, None)
        for reply in item.get("answers", ()):
            self._write(subject, reply, thread.id)
        if is_new and item.get("answered"):
            owned = Subject("practice", subject.slug, subject.title, "", owner_ids=frozenset({thread.author_id or 0}))
            actor = self._people[item["by"]]
            mark_answered(self._session, thread.id, owned, is_answered=True, actor=actor, now=asked_at)

    def _write(self, subject: Subject, item: Data, thread_id: int | None) -> tuple[Comment, bool]:
        return write(
            self._session,
            subject,
            words_of(item["text"]),
            thread_id=thread_id,
            form_key="sample",
            actor=self._people[item["by"]],
            now=self._ago(item["days_ago"]),
        )

    def _answer(self, item: Data) -> None:
        ref = Ref("practice", item["practice"])
        for email in item["yes"]:
            answer(self._session, ref, is_helpful=True, actor=self._people[email], now=self._now)
        for no in item["no"]:
            reason, actor = Reason(no["reason"]), self._people[no["by"]]
            answer(self._session, ref, is_helpful=False, reason=reason, words=no["words"], actor=actor, now=self._now)

    def _collect(self, item: Data) -> None:
        is_there = select(Collection.id).where(Collection.slug == item["slug"])
        entries = [each for each in item["entries"] if each["practice"] in self._subjects]
        if not entries or self._session.execute(is_there).first() is not None:
            return
        self._session.add(
            Collection(
                slug=item["slug"],
                title=item["title"],
                about=item["about"],
                language=item["language"],
                sight=Sight.LISTED,
                key=item["slug"],
                owner_id=self._people[item["by"]].id,
                team_id=self._teams[item["team"]].id,
                created_at=self._now,
                updated_at=self._now,
                entries=[
                    CollectionEntry(
                        kind="practice",
                        slug=each["practice"],
                        title=self._subjects[each["practice"]].title,
                        note=each["note"],
                        position=number,
                    )
                    for number, each in enumerate(entries)
                ],
            )
        )
        self._session.flush()

    def _ago(self, days: int) -> datetime:
        return self._now - timedelta(days=days)


def remove_community(session: Session) -> None:
    """Take out what the database would not take out by itself with the people, or without search hearing of it. Where real
    people have answered, a line stays.
    """
    samples = select(User.id).where(User.is_sample)
    by_samples = Comment.author_id.in_(samples)
    answered = list(
        session.execute(
            select(Comment.thread_id).where(
                Comment.thread_id.is_not(None), or_(Comment.author_id.is_(None), ~by_samples)
            )
        ).scalars()
    )
    gone = delete(Comment).where(by_samples, Comment.id.not_in(answered))
    session.execute(gone.where(Comment.thread_id.is_not(None)))
    session.execute(gone.where(Comment.thread_id.is_(None)))
    session.execute(update(Comment).where(by_samples).values(removed_at=Comment.at, source="", html=""))
    for collection in session.execute(select(Collection).where(Collection.owner_id.in_(samples))).scalars().all():
        session.delete(collection)
    session.flush()
