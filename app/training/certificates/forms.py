"""What is typed about certificates."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import BooleanField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from app.training.certificates.rules import MAX_NAME, Rule
from app.training.rules import MAX_REASON
from app.web.forms import REQUIRED, Form


class RuleForm(Form):
    is_on = BooleanField(_l("There are certificates"))
    needed = SelectField(_l("For whoever was at"))

    def offer(self, rule: Rule) -> RuleForm:
        """Fill in what can be chosen: a number of the session's meetings, or all of them."""
        numbers: list[Any] = [
            SelectChoice(str(number), ngettext("%(num)s meeting", "%(num)s meetings", number))
            for number in range(1, rule.meetings)
        ]
        whole = ngettext("the meeting", "all %(num)s meetings", rule.meetings)
        self.needed.choices = [SelectChoice("", whole), *numbers]
        return self

    @property
    def number(self) -> int | None:
        return int(self.needed.data) if self.needed.data else None


def typed(rule: Rule) -> dict[str, Any]:
    """A rule as the form holds it."""
    return {"is_on": rule.is_on, "needed": "" if rule.needed == rule.meetings else str(rule.needed)}


class RevokeForm(Form):
    reason = TextAreaField(
        _l("Reason"), validators=[REQUIRED, Length(max=MAX_REASON, message=_l("Use at most 500 characters."))]
    )


class AgainForm(Form):
    name = StringField(
        _l("Name on the certificate"),
        validators=[REQUIRED, Length(max=MAX_NAME, message=_l("Use at most 200 characters."))],
    )
