"""What other pages show of upkeep."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _

from app.kernel.db import db
from app.practices.upkeep.policy import looks_after
from app.practices.upkeep.queries import in_view, last_check, list_languages
from app.practices.upkeep.rules import SOON, View, usual_months
from app.web.dates import request_now
from app.web.i18n import request_language
from app.web.sections import Section
from app.web.shared import reader

CARD = "practices/upkeep/_line.html"
SHOWN = 3


def to_look_at(_home: Any, person: Any) -> Section | None:
    """The person's own articles that are overdue or soon due."""
    today = request_now().date()
    found = [
        practice
        for view in (View.OVERDUE, View.DUE)
        for practice in db.session.execute(
            in_view(view, request_language(), today=today, owner_id=person.id).limit(SHOWN + 1)
        ).scalars()
    ]
    more = url_for("upkeep.index", whose="mine")
    return Section(_("Your articles to look at again"), CARD, found[:SHOWN], len(found), more) if found else None


def desks(arguments: Sequence[str]) -> list[str]:
    """The part `upkeep`: for whoever looks after the article with that slug, when it is due and "still right"."""
    person = reader()
    if person is None:
        return [""] * len(arguments)
    return [_desk(slug, person) for slug in arguments]


def _desk(slug: str, person: Any) -> str:
    practice = next(iter(list_languages(slug)), None)
    if practice is None or not looks_after(person, practice):
        return ""
    today = request_now().date()
    return render_template(
        "practices/upkeep/_desk.html",
        practice=practice,
        last=last_check(slug),
        months=usual_months(practice.reviewed_on, practice.review_by),
        is_due=practice.review_by is None or practice.review_by <= today + SOON,
    )
