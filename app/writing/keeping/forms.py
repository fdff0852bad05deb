"""What is asked of whoever retires a text or moves it."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from app.web.forms import Form
from app.writing.keeping.service import MAX_NOTE, Replacement


class RetireForm(Form):
    note = TextAreaField(
        _l("Why it is retired"),
        validators=[DataRequired(_l("Say why, for those who look for it.")), Length(max=MAX_NOTE)],
        render_kw={"rows": 3, "maxlength": MAX_NOTE},
    )
    replacement = SelectField(_l("What replaces it"), validators=[Optional()])

    def __init__(self, kind: str, offered: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._kind = kind
        nothing = SelectChoice("", _l("Nothing; readers are told why it is gone"))
        self.replacement.choices = [nothing, *(SelectChoice(slug, title) for slug, title in offered)]

    @property
    def chosen(self) -> Replacement | None:
        return Replacement(self._kind, self.replacement.data) if self.replacement.data else None


class AddressForm(Form):
    slug = StringField(
        _l("New address"),
        validators=[DataRequired(_l("Please fill this in.")), Length(max=80)],
        render_kw={"maxlength": 80},
    )
