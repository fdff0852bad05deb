"""The page of notices."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

import structlog
from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.jobs.messages import Message, word
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.notifications.models import Notice
from app.notifications.queries import count_by_topic, count_unread, get_notice, notices_of
from app.notifications.rules import RULES, Topic
from app.notifications.service import mark_all_read, mark_read
from app.web.access import member
from app.web.dates import day_words
from app.web.paging import paginate, requested_page, with_params
from app.web.shared import Piece, shared

log = structlog.get_logger()
blueprint = Blueprint("notifications", __name__, template_folder="templates")

MOST_SHOWN = 99
Line = tuple[Notice, Message]


def bell() -> Piece:
    """The way to the notices, with their number, in the head of every page."""
    unread, is_here = count_unread(current_user.id), request.endpoint == "notifications.index"

    def make() -> str:
        return render_template("notifications/_bell.html", unread=unread, is_here=is_here)

    return shared(("bell", min(unread, MOST_SHOWN + 1), is_here), make)


@blueprint.get("/notices")
@member
def index() -> str:
    user_id = current_user.id
    counts = count_by_topic(user_id)
    topic = request.args.get("topic", "")
    topic = topic if topic in counts else ""
    page = paginate(notices_of(user_id, topic), number=requested_page())
    days = _by_day((notice, _words(notice)) for notice in page.items)
    return render_template(
        "notifications/index.html",
        page=page,
        days=days,
        unread=count_unread(user_id),
        topics=_filters(counts, topic),
        names={each.value: rule.name for each, rule in RULES.items()},
    )


def _by_day(lines: Iterable[Line]) -> list[tuple[str, list[Line]]]:
    """The lines under the days on which they came, by the reader's calendar."""
    return [(day, list(of_day)) for day, of_day in groupby(lines, lambda line: day_words(line[0].created_at))]


def _filters(counts: dict[str, int], chosen: str) -> list[tuple[str, int, str, bool]]:
    """(name, how many, address, is it chosen) of everything and of each topic that there is something of."""
    every = (_("Everything"), sum(counts.values()), with_params(topic=None, page=None), not chosen)
    of_topics = [
        (str(RULES[topic].name), counts[topic], with_params(topic=topic.value, page=None), topic == chosen)
        for topic in Topic
        if counts.get(topic)
    ]
    return [every, *of_topics] if len(of_topics) > 1 or chosen else []


def _words(notice: Notice) -> Message:
    """The notice in the reader's language. One of a kind that this version no longer knows does not hide the others."""
    try:
        return word(notice.kind, notice.params)
    except KeyError:
        log.warning("notice cannot be worded", notice=notice.id, kind=notice.kind)
        return Message(_("Something was told to you here that this version can no longer show."), "")


@blueprint.post("/notices/read")
@member
def read() -> ResponseReturnValue:
    user_id = current_user.id
    with transaction() as session:
        mark_all_read(session, user_id, now=utc_now())
    return redirect(url_for("notifications.index"), 303)


@blueprint.post("/notices/<id:notice_id>/read")
@member
def follow(notice_id: int) -> ResponseReturnValue:
    """Read one notice and go on to what it is about."""
    user_id = current_user.id
    url = _words(get_notice(user_id, notice_id)).url
    with transaction() as session:
        mark_read(session, user_id, notice_id, now=utc_now())
    return redirect(url or url_for("notifications.index"), 303)
