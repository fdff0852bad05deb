"""What a coach chooses about reminders."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from app.training.reminders.rules import LEAD_NAMES, Lead
from app.web.forms import Form


class RemindersForm(Form):
    leads = SelectMultipleField(
        _l("People with a seat are reminded"),
        choices=[SelectChoice(lead.value, name) for lead, name in LEAD_NAMES.items()],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    @property
    def chosen(self) -> frozenset[Lead]:
        return frozenset(Lead(value) for value in self.leads.data or ())
