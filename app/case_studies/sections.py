"""What other pages show of case studies."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.case_studies.queries import (
    about_capability,
    by_team,
    count_on_capabilities,
    crediting_coach,
    crediting_practice,
    crediting_session,
    newest,
)
from app.web.i18n import language
from app.web.sections import Counted, Section

CARD = "case_studies/_card.html"
SHOWN = 3


def on_capability(capability: Any, _reader: Any) -> Section | None:
    """Stories on it: `capability` has id and slug."""
    items, total = newest(language(), SHOWN, about_capability(capability.id))
    url = url_for("case_studies.index", capability=capability.slug)
    return Section(_("Case studies"), CARD, items, total, url) if items else None


def on_practice(practice: Any, _reader: Any) -> Section | None:
    """Stories of teams that used it: `practice` has a slug."""
    items, total = newest(language(), SHOWN, crediting_practice(practice.slug))
    return Section(_("Teams that used this"), CARD, items, total) if items else None


def on_coach(coach: Any, _reader: Any) -> Section | None:
    """Stories that credit the person: `coach` has a user_id."""
    items, total = newest(language(), SHOWN, crediting_coach(coach.user_id))
    return Section(_("Case studies that name this coach"), CARD, items, total) if items else None


def of_team(team: Any, _reader: Any) -> Section | None:
    """What a team has published: `team` has id and slug."""
    items, total = newest(language(), SHOWN, by_team(team.id))
    return (
        Section(_("Case studies"), CARD, items, total, url_for("case_studies.index", team=team.slug)) if items else None
    )


def on_training(training: Any, _reader: Any) -> Section | None:
    """Stories that took something from it: `training` has a slug."""
    items, total = newest(language(), SHOWN, crediting_session(training.slug))
    return Section(_("What teams made of it"), CARD, items, total) if items else None


def latest(_home: Any, _reader: Any) -> Section | None:
    items, total = newest(language(), SHOWN)
    return (
        Section(_("What other teams got out of it"), CARD, items, total, url_for("case_studies.index"))
        if items
        else None
    )


def counted_by_capability() -> Counted:
    return lambda number: ngettext("%(num)s case study", "%(num)s case studies", number), count_on_capabilities()
