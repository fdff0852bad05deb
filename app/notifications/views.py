"""The page of notices."""

from __future__ import annotations

import structlog
from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.jobs.messages import Message, word
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.notifications.models import Notice
from app.notifications.queries import count_unread, notices_of
from app.notifications.service import mark_all_read
from app.web.access import member
from app.web.paging import paginate, requested_page
from app.web.shared import Piece, shared

log = structlog.get_logger()
blueprint = Blueprint("notifications", __name__, template_folder="templates")

MOST_SHOWN = 99


def bell() -> Piece:
    """The way to the notices, with their number, in the head of every page."""
    unread, is_here = count_unread(current_user.id), request.endpoint == "notifications.index"

    def make() -> str:
        return render_template("notifications/_bell.html", unread=unread, is_here=is_here)

    return shared(("bell", min(unread, MOST_SHOWN + 1), is_here), make)


@blueprint.get("/notices")
@member
def index() -> str:
    page = paginate(notices_of(current_user.id), number=requested_page())
    lines = [(notice, _words(notice)) for notice in page.items]
    unread = count_unread(current_user.id)
    return render_template("notifications/index.html", page=page, lines=lines, unread=unread)


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
