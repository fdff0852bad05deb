"""What is asked of whoever looks after articles."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from app.practices.upkeep.rules import MAX_NOTE, MONTHS
from app.web.forms import Form


class CheckForm(Form):
    months = SelectField(
        _l("Look at it again in"),
        choices=[SelectChoice(str(months), _l("%(count)s months", count=months)) for months in MONTHS],
    )
    note = TextAreaField(
        _l("Note"), validators=[Optional(), Length(max=MAX_NOTE)], render_kw={"rows": 2, "maxlength": MAX_NOTE}
    )


class OwnerForm(Form):
    owner = StringField(
        _l("E-mail address of the new owner"),
        validators=[DataRequired(_l("Please fill this in.")), Length(max=254)],
        render_kw={"type": "email", "autocomplete": "off", "maxlength": 254},
    )
