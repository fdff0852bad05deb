"""What stands about a review on the page of a manuscript, on the home page, and in lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.accounts.models import User
from app.web.sections import Section
from app.web.shared import Piece, own
from app.writing.models import Manuscript
from app.writing.policy import can_review, is_of_team
from app.writing.review.pages import first_waiting, reason_words, summary_of
from app.writing.review.policy import sees_review
from app.writing.review.queries import list_waiting, reasons_of
from app.writing.rooms import Way

SHOWN = 3
CARD = "writing/review/_waiting.html"


def for_writers(manuscript: Manuscript, person: User) -> str:
    """What those who write it have to do before they submit it: answer for findings, look at remarks."""
    if not is_of_team(person, manuscript):
        return ""
    return _block(manuscript, person, is_writer=True)


def for_reviewers(manuscript: Manuscript, person: User) -> str:
    return _block(manuscript, person, is_writer=False)


def _block(manuscript: Manuscript, person: User, *, is_writer: bool) -> str:
    return render_template(
        "writing/review/_block.html",
        manuscript=manuscript,
        summary=summary_of(manuscript, person),
        is_writer=is_writer,
        reasons=reasons_of([manuscript.id]),
        reason_words=reason_words,
    )


def ways(manuscript: Manuscript, person: User) -> Sequence[Way]:
    """The way to the remarks, once there has been a submission."""
    if manuscript.submitted_number is None or not sees_review(person, manuscript):
        return ()
    url = url_for("review.read", manuscript_id=manuscript.id)
    return [Way(_("Review and remarks"), url, "message-square-text")]


def to_review(_home: Any, reader: Any) -> Section | None:
    """What waits for a decision of the reader."""
    items, total = first_waiting(reader, SHOWN)
    return Section(_("To review"), CARD, items, total, url_for("review.queue")) if items else None


def reviewing() -> Piece:
    """The way to what waits for a decision, with its number, for whoever decides."""
    number = len(list_waiting(current_user)) if current_user.is_authenticated else 0
    shown = can_review(current_user) or bool(number)
    return own(
        ("to review", number, shown),
        lambda: render_template("writing/review/_reviewing.html", number=number) if shown else "",
    )
