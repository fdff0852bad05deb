"""What the numbers are asked for. It comes with the address, so that they can be sent to a colleague."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice, SelectField

from app.training.reports.forms import PeriodForm

FIELDS = ("since", "until", "framework")


class ParticipationForm(PeriodForm):
    """The period, and the framework whose assessments are counted."""

    framework = SelectField(_l("Framework"))

    def offer(self, frameworks: Sequence[tuple[str, str]]) -> ParticipationForm:
        """Fill in what can be chosen, as (slug, name); before the library is filled that is nothing."""
        self.framework.choices = [SelectChoice(slug, name) for slug, name in frameworks or [("", "")]]
        return self

    @property
    def params(self) -> dict[str, str]:
        """What was asked for, as parameters of an address."""
        return {name: self[name].data for name in FIELDS if self[name].data}
