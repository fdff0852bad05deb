"""How a digest is worded, what of it still holds when it leaves, and the way out that stands in mail."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import structlog
from flask import current_app, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.config import Config
from app.jobs.messages import Current, Group, Message, WayOut, bring_up_to_date, word
from app.notifications.links import DIGEST, sign_way_out
from app.notifications.rules import RULES, Mailing, Topic
from app.notifications.topics import topic_of
from app.web.security import secret_key

log = structlog.get_logger()
DIGEST_KIND = "digest"


def _digest(params: Mapping[str, Any]) -> Message:
    config: Config = current_app.config["GUILDHALL"]
    total = params["total"]
    return Message(
        ngettext(
            "%(site)s: one thing is new for you",
            "%(site)s: %(num)s things are new for you",
            total,
            site=config.site_name,
        ),
        _("This is what you were told and have not read yet."),
        url_for("notifications.index", _external=True),
        groups=[group for each in params["groups"] if (group := _group(each)).lines],
    )


def _group(group: Mapping[str, Any]) -> Group:
    topic = Topic(group["topic"])
    lines = [line for kind, params in group["items"] if (line := _line(kind, params))]
    more = group["total"] - len(group["items"])
    return Group(
        str(RULES[topic].name),
        lines,
        ngettext("and %(num)s more", "and %(num)s more", more) if more else "",
        url_for("notifications.index", topic=topic.value, _external=True),
    )


def _line(kind: str, params: Mapping[str, Any]) -> tuple[str, str | None] | None:
    """A kind that this version no longer knows does not keep the others back."""
    try:
        message = word(kind, params)
    except KeyError:
        log.warning("a line of a digest cannot be worded", kind=kind)
        return None
    return message.subject, message.url


def _current(params: Mapping[str, Any], user_id: int | None, now: datetime) -> Mapping[str, Any] | None:
    """What still holds of each line; nothing if none does."""
    groups, gone = [], 0
    for group in params["groups"]:
        items = [
            (kind, current)
            for kind, of_line in group["items"]
            if (current := bring_up_to_date(kind, of_line, user_id, now=now)) is not None
        ]
        dropped = len(group["items"]) - len(items)
        gone += dropped
        if items:
            groups.append({**group, "items": items, "total": group["total"] - dropped})
    return {"groups": groups, "total": params["total"] - gone} if groups else None


def find_way_out(kind: str, user_id: int | None) -> WayOut | None:
    """The way out of mail of this kind, in the language that is being written; None where the topic has none."""
    if user_id is None:
        return None
    is_digest = kind == DIGEST_KIND
    topic = topic_of(kind)
    if not is_digest and Mailing.NEVER not in RULES[topic].allowed:
        return None
    token = sign_way_out(secret_key(), user_id, DIGEST if is_digest else topic.value)
    return WayOut(
        _("No more digests") if is_digest else _("No more mail about “%(topic)s”", topic=RULES[topic].name),
        url_for("notice_choices.way_out", token=token, _external=True),
        url_for("notice_choices.index", _external=True),
    )


WORDINGS = {DIGEST_KIND: _digest}
TOPICS = {DIGEST_KIND: Topic.ACCOUNT}
CURRENT: Mapping[str, Current] = {DIGEST_KIND: _current}
