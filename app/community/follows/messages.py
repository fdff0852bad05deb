"""How followers are told, and whether it still holds when a digest leaves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urljoin

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts.queries import find_user
from app.community.follows.rules import Event, kind_of
from app.community.subjects import Ref, find_subject
from app.jobs.messages import Current, Message
from app.notifications.rules import Topic
from app.web.i18n import language

# How one, and how many are said.
Words = tuple[Callable[[str, str], str], Callable[[int, str], str]]


def _practices() -> Words:
    return (
        lambda title, followed: _("New on %(followed)s: %(title)s", followed=followed, title=title),
        lambda number, followed: ngettext(
            "%(num)s new practice on %(followed)s", "%(num)s new practices on %(followed)s", number, followed=followed
        ),
    )


def _case_studies() -> Words:
    return (
        lambda title, followed: _("New case study, %(followed)s: %(title)s", followed=followed, title=title),
        lambda number, followed: ngettext(
            "%(num)s new case study: %(followed)s", "%(num)s new case studies: %(followed)s", number, followed=followed
        ),
    )


def _trainings() -> Words:
    return (
        lambda title, followed: _("New session, %(followed)s: %(title)s", followed=followed, title=title),
        lambda number, followed: ngettext(
            "%(num)s new session: %(followed)s", "%(num)s new sessions: %(followed)s", number, followed=followed
        ),
    )


def _changes() -> Words:
    return (
        lambda title, _followed: _("Changed: %(title)s", title=title),
        lambda number, followed: ngettext(
            "Changed once: %(followed)s", "Changed %(num)s times: %(followed)s", number, followed=followed
        ),
    )


def _rooms() -> Words:
    def one(title: str, _followed: str) -> str:
        return _("%(name)s has room for requests again", name=title)

    return one, lambda _number, followed: one(followed, followed)


def _worded(words: Callable[[], Words]) -> Callable[[Mapping[str, Any]], Message]:
    def word(params: Mapping[str, Any]) -> Message:
        one, many = words()
        number, followed = params.get("number", 1), _in_language(params["followed"])
        title = _in_language(params["titles"])
        subject = one(title, followed) if number == 1 else many(number, followed)
        url = params["url"] if number == 1 or not params["followed_url"] else params["followed_url"]
        body = _("You are told because you follow %(followed)s.", followed=followed)
        return Message(subject, body, urljoin(url_for("home.index", _external=True), url))

    return word


def _in_language(titles: Mapping[str, str]) -> str:
    return titles.get(language()) or next(iter(titles.values()), "")


def _current(params: Mapping[str, Any], user_id: int | None, _now: datetime) -> Mapping[str, Any] | None:
    """Nothing of what is gone by now, or no longer for this reader to see."""
    reader = find_user(user_id) if user_id else None
    if reader is None or find_subject(Ref(*params["ref"]), reader, language()) is None:
        return None
    return params


WORDINGS = {
    kind_of(event): _worded(words)
    for event, words in {
        Event.PRACTICE: _practices,
        Event.PRACTICE_CHANGED: _changes,
        Event.CASE_STUDY: _case_studies,
        Event.TRAINING: _trainings,
        Event.COACH: _rooms,
    }.items()
}
TOPICS = dict.fromkeys(WORDINGS, Topic.FOLLOWING)
CURRENT: Mapping[str, Current] = dict.fromkeys(WORDINGS, _current)
