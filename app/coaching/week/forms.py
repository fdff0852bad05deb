"""How much a coach takes on, as it is typed."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, StringField
from wtforms.validators import Length, NumberRange

from app.coaching.week.service import MOST
from app.web.forms import REQUIRED, Form


class RoomForm(Form):
    most = IntegerField(
        _l("At most so many at once"),
        validators=[REQUIRED, NumberRange(0, MOST, message=_l("Choose between 0 and 50."))],
        render_kw={"min": 0, "max": MOST},
    )
    note = StringField(
        _l("Note for yourself"),
        validators=[Length(max=200, message=_l("Use at most 200 characters."))],
        render_kw={"maxlength": 200},
    )
