"""Why something was not helpful."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectChoice, TextAreaField
from wtforms.validators import InputRequired, Length

from app.community.helpful.rules import MAX_WORDS, REASON_NAMES
from app.web.forms import Form


class ReasonForm(Form):
    reason = RadioField(
        _l("What was wrong?"),
        choices=[SelectChoice(reason.value, name) for reason, name in REASON_NAMES.items()],
        validators=[InputRequired(_l("Choose what comes closest."))],
    )
    words = TextAreaField(
        _l("In your words"),
        validators=[Length(max=MAX_WORDS, message=_l("Use at most 500 characters."))],
        render_kw={"rows": 3, "maxlength": MAX_WORDS},
    )
