"""The form of redirects."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField

from app.search.asked.wording import MAX_TEXT
from app.web.forms import REQUIRED, Form


class RedirectForm(Form):
    text = StringField(_l("Query"), validators=[REQUIRED], render_kw={"maxlength": MAX_TEXT, "autocomplete": "off"})
    target = RadioField(_l("Leads to"), choices=[], validate_choice=False)

    @property
    def chosen(self) -> tuple[str, str]:
        """Kind and key of what was chosen; empty where it is none of what was offered."""
        offered = {value for value, _title in self.target.choices}
        kind, _colon, key = (self.target.data if self.target.data in offered else "").partition(":")
        return kind, key
