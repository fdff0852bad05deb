"""What other pages show of what teams use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.practices.adoption.policy import speaks_for
from app.practices.adoption.queries import Use, list_of_team, list_stale_of
from app.practices.adoption.rules import is_stale
from app.web.dates import request_now
from app.web.i18n import language
from app.web.sections import Section

CARD = "practices/adoption/_use.html"
SHOWN = 6


@dataclass(frozen=True)
class UseCard:
    """A practice that a team uses. `asks` says whether the reader is to say if it is still so; with `names_team` the card
    says whose it is.
    """

    use: Use
    asks: bool
    names_team: bool


def of_team(team: Any, reader: Any) -> Section | None:
    """What a team uses: `team` has id and slug. Its people are asked what nobody has confirmed for a year."""
    uses = list_of_team(team.id, language())
    is_own = reader is not None and speaks_for(reader, team.id)
    cards = [UseCard(use, is_own and _is_stale(use), names_team=False) for use in uses]
    title = ngettext("%(num)s practice in use", "%(num)s practices in use", len(uses))
    url = url_for("practices.index", team=team.slug)
    return Section(title, CARD, cards, len(cards), url) if cards else None


def still_so(_home: Any, reader: Any) -> Section | None:
    """What the reader's teams have not confirmed for a year."""
    uses = list_stale_of(reader, language(), now=request_now())
    cards = [UseCard(use, asks=True, names_team=True) for use in uses[:SHOWN]]
    return Section(_("Is your team still doing this?"), CARD, cards, len(cards)) if cards else None


def _is_stale(use: Use) -> bool:
    return use.practice is not None and is_stale(use.adoption.stage, use.adoption.confirmed_at, request_now())
