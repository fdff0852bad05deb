"""The forms of redirects and wishes."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField

from app.search.asked.wording import MAX_TEXT
from app.search.editing.forms import REQUIRED, note_field
from app.web.forms import Form


def _query_field() -> StringField:
    return StringField(_l("Query"), validators=[REQUIRED], render_kw={"maxlength": MAX_TEXT, "autocomplete": "off"})


class RedirectForm(Form):
    text = _query_field()
    target = RadioField(_l("Leads to"), choices=[], validate_choice=False)

    @property
    def chosen(self) -> tuple[str, str]:
        """Kind and key of what was chosen; empty where it is none of what was offered."""
        offered = {value for value, _title in self.target.choices}
        kind, _colon, key = (self.target.data if self.target.data in offered else "").partition(":")
        return kind, key


class WishForm(Form):
    text = _query_field()
    note = note_field()
