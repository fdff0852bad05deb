"""Forms of those who look after search."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.search.counting import MAX_TEXT
from app.web.forms import Form

REQUIRED = InputRequired(_l("Please fill this in."))
MAX_NOTE = 300
# Far more than the names of one thing take.
MAX_LINES = 2_000


def _note_field() -> TextAreaField:
    return TextAreaField(
        _l("Note"),
        validators=[Length(max=MAX_NOTE, message=_l("Use at most 300 characters."))],
        render_kw={"rows": 2, "maxlength": MAX_NOTE},
    )


def _names_field(label: object) -> TextAreaField:
    return TextAreaField(
        label,
        validators=[REQUIRED, Length(max=MAX_LINES, message=_l("That is too much."))],
        render_kw={"rows": 4, "spellcheck": "false"},
    )


class GlossaryForm(Form):
    version = HiddenField(default="0")
    en = _names_field(_l("English names"))
    zh = _names_field(_l("Chinese names"))
    note = _note_field()


class RedirectForm(Form):
    text = StringField(_l("Query"), validators=[REQUIRED], render_kw={"maxlength": MAX_TEXT, "autocomplete": "off"})
    target = RadioField(_l("Leads to"), choices=[], validate_choice=False)

    @property
    def chosen(self) -> tuple[str, str]:
        """Kind and key of what was chosen; empty where it is none of what was offered."""
        offered = {value for value, _title in self.target.choices}
        kind, _colon, key = (self.target.data if self.target.data in offered else "").partition(":")
        return kind, key


class WishForm(Form):
    text = StringField(_l("Query"), validators=[REQUIRED], render_kw={"maxlength": MAX_TEXT, "autocomplete": "off"})
    note = _note_field()
