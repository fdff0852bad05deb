"""What a report is asked for. It comes with the address, so that a report can be sent to a colleague."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired
from wtforms.widgets import MonthInput

from app.kernel.errors import InvalidInputError
from app.training.reports.rules import BY_NAMES, By, Period, check_period
from app.training.rules import KIND_NAMES
from app.web.forms import Form, fail

# The months stand in the name of a sheet, and a header holds no digits of other scripts.
_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])", re.ASCII)
FILTERS = ("kind", "capability", "level", "coach", "team")
Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Choice:
    """What the reader chose; of the filters, empty means all."""

    period: Period
    by: By
    kind: str
    capability: str
    level: str
    coach: str
    team: str


def _month_field(label: Any) -> StringField:
    needed = InputRequired(_l("Write year and month, as in 2026-11."))
    return StringField(
        label, validators=[needed], widget=MonthInput(), render_kw={"placeholder": "2026-11", "autocomplete": "off"}
    )


class PeriodForm(Form):
    """From which month to which. Sent with GET, so it holds no token."""

    since = _month_field(_l("From"))
    until = _month_field(_l("To"))

    def validate_since(self, field: StringField) -> None:
        _check(field)

    def validate_until(self, field: StringField) -> None:
        _check(field)

    def validate(self, extra_validators: Any = None) -> bool:
        """Also whether the months make a period."""
        if not super().validate(extra_validators):
            return False
        try:
            check_period(_read(self.since.data), _read(self.until.data))
        except InvalidInputError as error:
            self.blame(error)
            return False
        return True

    @property
    def period(self) -> Period:
        """What the valid form says."""
        return check_period(_read(self.since.data), _read(self.until.data))


class ReportForm(PeriodForm):
    """What the rows are, and of what."""

    by = SelectField(_l("Rows"), choices=[SelectChoice(by.value, name) for by, name in BY_NAMES.items()])
    kind = SelectField(_l("Kind"))
    capability = SelectField(_l("Capability"))
    level = SelectField(_l("Level"))
    coach = SelectField(_l("Coach"))
    team = SelectField(_l("Team"))

    def offer(self, *, capabilities: Pairs, coaches: Pairs, teams: Pairs) -> ReportForm:
        """Fill in what can be chosen, as (value, label)."""
        kinds = [(kind.value, str(name)) for kind, name in KIND_NAMES.items()]
        levels = [(level, level) for level in "12345"]
        offered: dict[str, Pairs] = {
            "kind": kinds, "capability": capabilities, "level": levels, "coach": coaches, "team": teams,
        }  # fmt: skip
        for name, pairs in offered.items():
            self[name].choices = [SelectChoice("", _l("All")), *(SelectChoice(value, label) for value, label in pairs)]
        return self

    @property
    def choice(self) -> Choice:
        """What the valid form says."""
        return Choice(self.period, By(self.by.data), **{name: self[name].data for name in FILTERS})

    @property
    def params(self) -> dict[str, str]:
        """The same as parameters of an address."""
        said = {name: self[name].data for name in ("since", "until", "by", *FILTERS)}
        return {name: value for name, value in said.items() if value}

    @property
    def filters(self) -> list[SelectField]:
        return [self[name] for name in FILTERS if len(self[name].choices) > 1]


def _check(field: StringField) -> None:
    if not _MONTH.fullmatch(field.data or ""):
        fail(_l("Write year and month, as in 2026-11."))


def _read(text: str) -> date:
    match = _MONTH.fullmatch(text)
    assert match is not None
    return date(int(match[1]), int(match[2]), 1)
