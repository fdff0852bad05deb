"""Why something is advised, in the reader's language. Every number in it is one that the rule reckoned with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from flask_babel import gettext as _
from flask_babel import ngettext

from app.improvement.advice.rules import Gap
from app.web.dates import long_date
from app.web.filters import number


def because(gap: Gap) -> str:
    """One line: `because you are at 2 and the target is 3; blocks 2 others`."""
    said = [_("because you are at %(level)s and the target is %(target)s", level=gap.level, target=gap.target)]
    if not gap.is_chosen:
        said = [_("because you are at %(level)s and the next level is %(target)s", level=gap.level, target=gap.target)]
    if gap.blocks:
        said.append(ngettext("blocks %(num)s other", "blocks %(num)s others", len(gap.blocks)))
    if gap.due_on is not None:
        said.append(_("wanted by %(day)s", day=long_date(gap.due_on)))
    if gap.is_under_way:
        said.append(_("under way already"))
    return _("; ").join(said)


def reasons(gap: Gap, blocked: Sequence[str], today: date) -> list[str]:
    """The same in sentences, each with its number. `blocked` are the names of what the gap blocks."""
    points = gap.points
    said = [_way(gap)]
    if blocked:
        said.append(
            ngettext(
                "It blocks %(num)s other: %(names)s.",
                "It blocks %(num)s others: %(names)s.",
                len(blocked),
                names=_(", ").join(blocked),
            )
        )
    if gap.due_on is not None:
        day = long_date(gap.due_on)
        said.append(
            _("The target was due on %(day)s.", day=day)
            if gap.due_on < today
            else _("The target is due on %(day)s.", day=day)
        )
    if points.weight != 1:
        said.append(
            _("It counts %(weight)s times as much as an average capability.", weight=number(float(points.weight)))
        )
    if gap.is_under_way:
        said.append(_("You work on it already, so it comes later than it would."))
    return said


def _way(gap: Gap) -> str:
    if gap.is_chosen:
        return _("You are at %(level)s and the target is %(target)s.", level=gap.level, target=gap.target)
    return _(
        "You are at %(level)s. You chose no target here, so one level up is proposed: %(target)s.",
        level=gap.level,
        target=gap.target,
    )


def total_words(total: Decimal) -> str:
    """Points as the page shows them: two places, as they were reckoned with."""
    return f"{total:.2f}"
