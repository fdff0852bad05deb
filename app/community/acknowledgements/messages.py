"""How people are told of what they have to read, and whether it still holds when it leaves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import urljoin

from flask import url_for
from flask_babel import gettext as _

from app.community.acknowledgements.queries import still_has_to_read
from app.community.acknowledgements.rules import Lead
from app.community.acknowledgements.service import KINDS
from app.jobs.messages import Current, Message
from app.notifications.rules import Topic
from app.web.dates import long_date
from app.web.i18n import language


def _asked(title: str, day: str) -> tuple[str, str]:
    return (
        _("To read and confirm: %(title)s", title=title),
        _("Please read this article by %(day)s, and confirm at its end that you have.", day=day),
    )


def _soon(title: str, day: str) -> tuple[str, str]:
    return (
        _("By %(day)s: read %(title)s", day=day, title=title),
        _("You have not confirmed yet that you have read this article. It is due by %(day)s.", day=day),
    )


def _overdue(title: str, day: str) -> tuple[str, str]:
    return (
        _("Overdue: %(title)s", title=title),
        _("This article was to be read by %(day)s, and you have not confirmed it yet.", day=day),
    )


def _worded(words: Callable[[str, str], tuple[str, str]]) -> Callable[[Mapping[str, Any]], Message]:
    def word(params: Mapping[str, Any]) -> Message:
        titles = params["titles"]
        title = titles.get(language()) or next(iter(titles.values()), "")
        subject, body = words(title, long_date(date.fromisoformat(params["due"])))
        parts = [body, _("Reason: %(reason)s", reason=params["reason"])]
        return Message(subject, "\n\n".join(parts), urljoin(url_for("home.index", _external=True), params["url"]))

    return word


def _current(params: Mapping[str, Any], user_id: int | None, _now: datetime) -> Mapping[str, Any] | None:
    """Nothing to whoever has confirmed it meanwhile, or is asked no more."""
    is_asked = user_id is not None and still_has_to_read(user_id, params["reading"], params["round"])
    return params if is_asked else None


WORDINGS = {
    KINDS[lead]: _worded(words)
    for lead, words in {Lead.ASKED: _asked, Lead.SOON: _soon, Lead.OVERDUE: _overdue}.items()
}
TOPICS = dict.fromkeys(WORDINGS, Topic.READING)
CURRENT: Mapping[str, Current] = dict.fromkeys(WORDINGS, _current)
