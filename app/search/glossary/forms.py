"""The form of an entry."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, TextAreaField
from wtforms.validators import Length

from app.search.editing.forms import note_field
from app.search.glossary.service import Names
from app.web.forms import REQUIRED, Form

# Far more than the names of one thing take.
MAX_LINES = 2_000


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
    note = note_field()

    @property
    def names(self) -> Names:
        return Names(en=_names_in(self.en.data), zh=_names_in(self.zh.data), note=self.note.data or "")


def _names_in(lines: str) -> list[str]:
    """The names in a text that has one in each line."""
    return [name for line in lines.splitlines() if (name := " ".join(line.split()))]
