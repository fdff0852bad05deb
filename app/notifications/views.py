"""The page of notices."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from flask import Blueprint, redirect, render_template, url_for
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

log = structlog.get_logger()
blueprint = Blueprint("notifications", __name__, template_folder="templates")


@blueprint.app_context_processor
def unread() -> dict[str, Callable[[], int]]:
    """`unread_count()` for the head of every page. A function, so that a page that does not show it costs no query,
    and an error page can be shown while the database is away.
    """
    return {"unread_count": lambda: count_unread(current_user.id) if current_user.is_authenticated else 0}


@blueprint.get("/notices")
@member
def index() -> str:
    page = paginate(notices_of(current_user.id), number=requested_page())
    lines = [(notice, _words(notice)) for notice in page.items]
    return render_template("notifications/index.html", page=page, lines=lines)


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
