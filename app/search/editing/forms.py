"""What the forms of those who look after search have in common."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import Length

MAX_NOTE = 300


def note_field() -> TextAreaField:
    return TextAreaField(
        _l("Note"),
        validators=[Length(max=MAX_NOTE, message=_l("Use at most 300 characters."))],
        render_kw={"rows": 2, "maxlength": MAX_NOTE},
    )
