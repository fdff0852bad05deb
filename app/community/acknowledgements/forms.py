"""What is typed when an editor asks teams to read an article."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, SelectMultipleField, TextAreaField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from app.accounts.models import Team
from app.community.acknowledgements.rules import MAX_REASON
from app.community.acknowledgements.service import Demand
from app.web.forms import Form

TOO_LONG = Length(max=MAX_REASON, message=_l("Use at most 500 characters."))


class DemandForm(Form):
    for_everybody = BooleanField(_l("Everybody who has an account"))
    teams = SelectMultipleField(
        _l("Teams"), coerce=int, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )
    due_on = DateField(_l("To be read by"), validators=[InputRequired(_l("Choose a day."))])
    reason = TextAreaField(
        _l("Why"),
        description=_l("One or two sentences; everybody who is asked reads them."),
        validators=[InputRequired(_l("Say why in at most 500 characters; everybody who is asked reads it.")), TOO_LONG],
        render_kw={"rows": 3, "maxlength": MAX_REASON},
    )

    def offer(self, teams: Iterable[Team]) -> DemandForm:
        self.teams.choices = [(team.id, team.name) for team in teams]
        return self

    @property
    def demand(self) -> Demand:
        """What the valid form says."""
        return Demand(
            team_ids=self.teams.data or [],
            for_everybody=bool(self.for_everybody.data),
            due_on=self.due_on.data,
            reason=self.reason.data,
        )


class AgainForm(Form):
    due_on = DateField(_l("To be read by"), validators=[InputRequired(_l("Choose a day."))])
